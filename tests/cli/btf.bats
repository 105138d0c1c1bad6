#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde btf: types of the kernel, of objects and of raw BTF files, as lists, as C for reading and as C
# for compiling.
#
# shellcheck disable=SC2154

load lib

setup_file() {
	prepare
	export BATS_TEST_TIMEOUT=3600
	cd "$BATS_FILE_TMPDIR" || return
	compile kinds.o <<-'END'
		struct inner { char c; long l; };
		enum color { RED = 1, BLUE = 2 };
		typedef union { int i; struct { short lo, hi; }; } both_t;
		struct outer {
			char first;
			struct inner in;
			enum color color : 3;
			unsigned flag : 1;
			both_t both;
			int (*call)(struct outer *self, ...);
			struct { int x, y; } points[2];
			__u64 tail[];
		};
		struct tight { char c; int i; } __attribute__((packed));
		struct outer an_outer;
		struct tight a_tight;
		SEC("tp/syscalls/sys_enter_getpgid") int kinds(void *ctx) { return an_outer.first; }
	END
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	object=$BATS_FILE_TMPDIR/kinds.o
}

btf() {
	run --separate-stderr "$sonde" btf "$@"
}

# fails TEXT WORD…: fails with one line that contains TEXT, and nothing on stdout.
fails() {
	local text=$1
	shift
	btf "$@"
	echo "$stderr"
	[[ $status == 1 && ! $output && ${stderr_lines[0]} == "sonde: "*"$text"* ]]
}

@test "show: offsets, sizes, bit-fields, holes; anonymous types are expanded" {
	btf show outer "$object"
	[[ $status == 0 && ! $stderr ]]
	diff - <(echo "$output") <<-'END'
		struct outer {
		/* offset  bytes */
		/*      0      1 */ char first;
		/*      1      7 */ /* hole */
		/*      8     16 */ struct inner in;
		/*   24:0     3b */ enum color color: 3;
		/*   24:3     1b */ unsigned int flag: 1;
		/*   24:4    28b */ /* hole */
		/*     28      4 */ both_t both;
		/*     32      8 */ int (*call)(struct outer *, ...);
		/*     40     16 */ struct {
		/*     40      4 */     int x;
		/*     44      4 */     int y;
		                    } points[2];
		/*     56      0 */ __u64 tail[];
		};  /* 56 bytes, 8 members, 2 holes of 10 bytes and 4 bits */
	END
	for words in "struct outer" "-k struct outer"; do
		# shellcheck disable=SC2086
		"$sonde" btf show $words "$object" | diff - <(echo "$output")
	done
}

@test "show: typedefs, enums, functions, sections" {
	btf show both_t "$object"
	[[ $output == "typedef union {"*"short hi;"*"} both_t;" ]]
	btf show color "$object"
	[[ $output == "enum color {"*"BLUE = 2,"*"};  /* 4 bytes, 2 values */" ]]
	btf show kinds "$object"
	[[ $output == "int kinds(void *ctx);" ]]
	btf show an_outer "$object"
	[[ $output == "struct outer an_outer;" ]]
	btf show license "$object"
	[[ $output == "/* section license, "*"char LICENSE[4];" ]]
}

@test "list: filters, 80 columns, JSON" {
	btf list "$object"
	[[ $status == 0 && $(widest <<<"$output") -le 80 ]]
	grep -E '^ +[0-9]+  struct +56  outer  8 members$' <<<"$output"
	btf list --kind struct --name '*t*er' "$object"
	[[ ${#lines[@]} == 2 && ${lines[1]} == *"outer  8 members" ]]
	btf list --kind enum --json "$object"
	is_json <<<"$output"
	[[ $output == *'"name":"color","size":4,"refers":"2 values","values":{"RED":1,"BLUE":2}}' ]]
	fails "no type matches" list --name 'nothing*' "$object"
}

@test "the header of an object describes its types, for either byte order" {
	same "$object" bpfel
	for name in execs opensnoop; do
		same "$progs/$name.bpf.o" bpfel
		same "$progs/eb/$name.bpf.o" bpfeb
		cmp <("$sonde" btf c "$progs/$name.bpf.o") <("$sonde" btf c "$progs/eb/$name.bpf.o")
	done
	for target in x86_64 arm s390x; do
		"$sonde" btf c "$root/tests/golden/target-$target/btf" |
			gcc -fsyntax-only -Wall -Wextra -Werror -xc -
	done
}

@test "files, ids, modules" {
	needs_types
	cp /sys/kernel/btf/vmlinux raw
	cmp <("$sonde" btf c ./raw) <("$sonde" btf c vmlinux)
	llvm-objcopy --dump-section .BTF=object.btf "$object" /dev/null
	cmp <("$sonde" btf c object.btf) <("$sonde" btf c "$object")
	fails "there is no file 'nothing', and no module of that name" list nothing
	fails "no section .BTF" list "$sonde"
	fails "not BTF" list "$root/README.md"
	fails "there is no BTF object with the id 4294967295" list 4294967295
}

@test "split BTF extends a named base, the base next to it, or the kernel's" {
	needs_types
	python3 - <<-'END'
		import struct
		base = open("/sys/kernel/btf/vmlinux", "rb").read()
		magic, version, flags, header, types, size, strings, length = struct.unpack_from("<HBBIIIII", base)
		name = length # the first string after those of the kernel
		text = b"brought_t\0"
		record = struct.pack("<III", name, 8 << 24, 1) # a typedef of the first type
		open("split", "wb").write(struct.pack("<HBBIIIII", magic, version, 0, 24, 0, len(record),
			len(record), len(text)) + record + text)
	END
	btf show brought_t ./split
	[[ $output == "typedef "*" brought_t;" ]]
	"$sonde" btf c ./split --base /sys/kernel/btf/vmlinux | grep -x "$output"
	"$sonde" btf list ./split | grep "brought_t"
	btf show task_struct ./split
	[[ $output == "struct task_struct {"* ]]
	fails "base types" list ./split --base "$root/README.md"
}

@test "unknown types: similar name, last id" {
	fails "unknown type 'outr'" show outr "$object"
	[[ $stderr == *"similar names: outer"* ]]
	fails "unknown type id 999: the last one is" show 999 "$object"
	fails "unknown type 'color'" show struct color "$object"
}

@test "wrong usage: status 2, nothing on stdout" {
	for words in "" "frob" "show" "list a b" "c a b" "list -k frob" "show a b c"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$sonde" btf $words
		echo "$words: $stderr"
		[[ $status == 2 && ! $output && ${#stderr_lines[@]} == 2 ]]
	done
}

@test "split types with the base of another kernel" {
	[[ -e /sys/kernel/btf/vmlinux ]] || skip "the kernel has no types"
	# One forward declaration, whose name begins within a string of the base.
	split() {
		printf '\x9f\xeb\x01\x00\x18\0\0\0\0\0\0\0\x0c\0\0\0\x0c\0\0\0\x04\0\0\0'
		printf '%b' "\\x$1\\0\\0\\0\\0\\0\\0\\x07\\0\\0\\0\\0abc\\0"
	}
	split 02 >other.btf
	run --separate-stderr -1 "$sonde" btf list other.btf
	[[ $stderr == *"other.btf: its types refer to those of another kernel, not of this kernel ("*"hint: --base FILE"* ]]
	split 01 >this.btf
	run -0 "$sonde" btf list this.btf
}

# relocations ARGUMENT…: what CO-RE relocations of an object come to, and its plan.
relocations() {
	"$sonde" inspect --json "$@"
	"$sonde" plan -vv "$@" || true
}

# same_with_minimal OBJECT FULL: the types that an object needs of a kernel give the same results as all.
# Programs that attach by the id of a type need the kernel's own; only their relocations are compared.
same_with_minimal() {
	"$sonde" btf min "$1" --btf "$2" -o min.btf 2>err || {
		grep -q 'no CO-RE relocation depends on types of the kernel' err
		return
	}
	relocations "$1" --btf "$2" >all.txt 2>/dev/null
	relocations "$1" --btf min.btf >min.txt 2>min.err
	if cat min.err min.txt | tr -s '\n ' ' ' | grep -qE \
		'this kernel has no (iterator|LSM hook|tracepoint|kernel function) '; then
		sed -i '/^{/!d' all.txt min.txt
	fi
	cmp all.txt min.txt || {
		echo "$1"
		diff all.txt min.txt | head
		return 1
	}
	[[ $(wc -c <min.btf) -lt 3000 ]]
}

@test "min: the same relocations and plans as with all types" {
	needs_types
	for one in $(every 3 "$progs"/*.bpf.o "$root"/build/course/*.bpf.o); do
		same_with_minimal "$one" /sys/kernel/btf/vmlinux
	done
	for one in "$progs"/eb/*.bpf.o; do
		same_with_minimal "$one" "$root/tests/golden/target-s390x/btf"
	done
}

@test "min: one file for several objects, not larger than bpftool's" {
	needs_types
	"$sonde" btf min "$progs"/{opensnoop,execs,tcplife}.bpf.o -o all.btf 2>err
	[[ $(cat err) =~ ^all.btf:\ [0-9]+\ bytes\ of\ [0-9]+,\ for\ [0-9]+\ relocations$ ]]
	for name in opensnoop execs tcplife; do
		cmp <("$sonde" plan -vv "$progs/$name.bpf.o") \
			<("$sonde" plan -vv --btf all.btf "$progs/$name.bpf.o")
	done
	command -v bpftool >/dev/null || skip "no bpftool"
	bpftool gen min_core_btf /sys/kernel/btf/vmlinux theirs.btf "$progs"/{opensnoop,execs,tcplife}.bpf.o
	[[ $(wc -c <all.btf) -le $(($(wc -c <theirs.btf) + 32)) ]]
}

@test "min: what it refuses" {
	fails "no CO-RE relocation depends on types of the kernel" min "$progs/hello.bpf.o" -o out
	fails "ENOENT" min nothing.o -o out
	fails "not an ELF file" min "$root/README.md" -o out
	cp "$progs/opensnoop.bpf.o" own.o
	fails "own.o: an input" min own.o -o own.o
	cmp own.o "$progs/opensnoop.bpf.o"
	mkdir none
	echo 5.10 >none/release
	echo x86_64 >none/machine
	fails "Linux 5.10 provides no types" min own.o --target none -o out
	head -c 5000 "$root/README.md" >text
	fails "text: not BTF" min own.o --btf text -o out
	[[ ! -e out ]]
}

# kernel RELEASE MACHINE TYPES: a directory that describes a kernel.
kernel() {
	mkdir -p "$1"
	echo "$1" >"$1/release"
	echo "$2" >"$1/machine"
	cp "$3" "$1/btf"
}

@test "archive: many kernels in one file, chosen by release and machine" {
	local snoop=$progs/opensnoop.bpf.o
	kernel 6.1.0-x x86_64 "$root/tests/golden/target-x86_64/btf"
	kernel 6.2.0-y x86_64 "$root/tests/golden/target-x86_64/btf"
	kernel 6.12.0-z s390x "$root/tests/golden/target-s390x/btf"
	"$sonde" btf archive "$snoop" -b 6.1.0-x -b 6.2.0-y -o two 2>err
	"$sonde" btf archive "$snoop" -b 6.1.0-x -o one 2>err
	(($(wc -c <two) < $(wc -c <one) + 40)) # the same types are stored once
	cmp <("$sonde" plan -vv -t 6.2.0-y "$snoop") <("$sonde" plan -vv -t 6.2.0-y --btf two "$snoop")
	gzip -k two
	cmp <("$sonde" plan -vv -t 6.1.0-x "$snoop") <("$sonde" plan -vv -t 6.1.0-x --btf two.gz "$snoop")
	run --separate-stderr -1 "$sonde" plan -t 6.12.0-z --btf two "$snoop"
	[[ $stderr == *"two: the archive has no types of Linux 6.12.0-z (s390x)"* ]]
	[[ $stderr == *"hint: it has those of 6.1.0-x (x86_64), 6.2.0-y (x86_64)" ]]
	"$sonde" btf archive two 6.12.0-z 9.9:riscv64=6.1.0-x/btf -o four
	btf list four
	[[ $(awk '$2 ~ /^(x86_64|s390x|riscv64)$/ {print $1}' <<<"$output" | xargs) == \
		"6.1.0-x 6.2.0-y 6.12.0-z 9.9" ]]
	btf list --json four
	is_json <<<"$output"
	[[ ${lines[0]} == '{"what":"kernel","release":"6.1.0-x","machine":"x86_64","bytes":'* ]]
	cp 6.1.0-x/btf 5.4.0-9-generic.btf
	"$sonde" btf archive "$snoop" -b 5.4.0-9-generic.btf -o named
	btf list named
	[[ $output == *"5.4.0-9-generic  $(uname -m)"* ]]
}

@test "archive: what it refuses" {
	local snoop=$progs/opensnoop.bpf.o
	kernel 6.1.0-x x86_64 "$root/tests/golden/target-x86_64/btf"
	cp 6.1.0-x/btf types
	fails "types: of which kernel are these types?" archive "$snoop" -b types -o out
	fails "Linux 6.1.0-x (x86_64) is there twice" archive "$snoop" -b 6.1.0-x -b 6.1.0-x -o out
	fails "types: an input" archive "$snoop" -b 9=types -o types
	cmp types 6.1.0-x/btf
	[[ ! -e out ]]
	"$sonde" btf archive "$snoop" -b 6.1.0-x -o good
	for at in 9 12 16 30 100; do
		cp good bad
		printf '\377' | dd of=bad bs=1 seek="$at" conv=notrunc status=none
		fails "bad: " list bad
		run --separate-stderr -1 "$sonde" plan -t 6.1.0-x --btf bad "$snoop"
		[[ $stderr == "sonde: "*"bad: "* ]]
	done
	head -c 30 good >bad
	fails "bad: the archive is corrupt" list bad
}

@test "compressed types: gzip is read, others are named" {
	local full=$root/tests/golden/target-x86_64/btf
	gzip -c "$full" >types.gz
	cmp <("$sonde" btf c types.gz) <("$sonde" btf c "$full")
	cmp <("$sonde" plan -vv --btf types.gz "$progs/opensnoop.bpf.o") \
		<("$sonde" plan -vv --btf "$full" "$progs/opensnoop.bpf.o")
	llvm-objcopy --add-section .BTF="$full" --remove-section .BTF.ext "$object" with.o 2>/dev/null ||
		cp "$object" with.o
	gzip -c with.o >with.gz
	cmp <("$sonde" btf c with.gz) <("$sonde" btf c with.o)
	for how in xz bzip2 zstd lz4; do
		command -v $how >/dev/null || continue
		$how -c <"$full" >types.packed
		fails "types.packed: the file is compressed with $how" list types.packed
		run --separate-stderr -1 "$sonde" plan --btf types.packed "$progs/opensnoop.bpf.o"
		[[ $stderr == *"compressed with $how"*"hint: unpack it with un"* || $how == bzip2 ]]
	done
	head -c 500 types.gz >cut.gz
	fails "cut.gz: the gzip " list cut.gz
}

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

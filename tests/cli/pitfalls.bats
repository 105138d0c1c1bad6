#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The pitfalls of docs/errors.md that can be tested on any kernel or without one. The others are in
# tests/vm/pitfalls/guest.sh. Each has a number in docs/errors.md and a test in one of the two files.
#
# shellcheck disable=SC2016,SC2094,SC2154

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# uprobe TARGET: compiles an object with a uprobe on TARGET.
uprobe() {
	compile uprobe.o <<<"SEC(\"uprobe/$1\") int probe(void *ctx) { return 0; }"
}

# probed NAME [FLAG…]: compiles a program with known functions.
probed() {
	local name=$1
	shift
	gcc -O1 "$@" -x c - -o "$name" <<-'END'
		int counted(int n) { return n + 1; }
		int main(int argc, char **argv) { return argv[0] ? counted(argc) > 1000 : 1; }
	END
}

@test "every pitfall of docs/errors.md has a test, and vice versa" {
	cd "$root"
	sed -nE 's/^\| (P[0-9]+) \|.*/\1/p' docs/errors.md | sort >"$BATS_TEST_TMPDIR/traps"
	grep -hoE '"P[0-9]+: ' tests/cli/pitfalls.bats tests/vm/pitfalls/guest.sh | tr -d '": ' |
		sort >"$BATS_TEST_TMPDIR/tests"
	diff "$BATS_TEST_TMPDIR/traps" "$BATS_TEST_TMPDIR/tests"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/traps") = 37 ]]
}

@test "P6: offsets of uprobes" {
	probed program -g
	uprobe "$PWD/program:0"
	refused plan uprobe.o
	[[ $reason == *"byte 0 is the file's header, not code" && $hint == *"specify the function"* ]]
	uprobe "$PWD/program:countd"
	refused plan uprobe.o
	[[ $reason == *"there is no function 'countd'" && $hint == "hint: similar names: "*counted* ]]
	# The file offset, which differs from the address nm prints for a non-PIE program.
	probed fixed -static -no-pie
	uprobe "$PWD/fixed:counted"
	"$sonde" plan -v uprobe.o >plan
	address=$((16#$(nm fixed | sed -n 's/ [tT] counted$//p')))
	offset=$(($(sed -nE 's/^ *probe_offset +(0x[0-9a-f]+).*/\1/p' plan)))
	read -r text_address text_offset < <(readelf -SW fixed | sed -nE 's/.* \.text +PROGBITS +([0-9a-f]+) ([0-9a-f]+) .*/\1 \2/p')
	[[ $offset -ne $address && $offset = $((address - 16#$text_address + 16#$text_offset)) ]]
	# strcmp and similar functions are resolved at program start (IFUNC).
	cat >chosen.c <<-'END'
		static int plain(void) { return 1; }
		static void *choose(void) { return plain; }
		int picked(void) __attribute__((ifunc("choose")));
		int main(void) { return picked() - 1; }
	END
	gcc -O1 chosen.c -o chosen
	uprobe "$PWD/chosen:picked"
	refused plan uprobe.o
	[[ $reason == *"'picked' is chosen at run time (IFUNC)"* ]]
}

@test "P7: the path of a uprobe's program" {
	probed program
	uprobe SSL_write
	refused plan uprobe.o
	[[ $reason == *"'SSL_write' names no file"* && $hint == *"--on probe=FILE:FUNCTION"* ]]
	uprobe "usr/bin/no_such_program:main"
	refused run uprobe.o
	[[ $reason == *"there is no file 'usr/bin/no_such_program'"* && $hint == *" /usr/bin/no_such_program"* ]]
	# A relative path, a missing leading slash, and --on.
	for target in ./program:counted "${PWD#/}/program:counted"; do
		uprobe "$target"
		"$sonde" plan -v uprobe.o | grep -qF "\"$(realpath program)\"" ||
			"$sonde" plan -v uprobe.o | grep -qF program
	done
	uprobe "usr/bin/no_such_program:counted"
	"$sonde" plan -v uprobe.o --on "probe=$PWD/program" | grep -qF 'uprobe_path'
}

@test "P21: verifier messages are explained" {
	needs_bpf
	run --separate-stderr -1 "$sonde" run "$progs/v01_null.bpf.o" --only wrong --for 10ms
	echo "$stderr"
	[[ ${stderr_lines[0]} == "end of the verifier log"* ]]
	grep -qE "^sonde: .*: R0 invalid mem access 'map_value_or_null', at: \*count \+= 1; @ v01_null\.bpf\.c:[0-9]+$" <<<"$stderr"
	grep -qF 'hint: bpf_map_lookup_elem() returns NULL if there is no such entry. Test the pointer' <<<"$stderr"
	for verb in run load; do
		run --separate-stderr -1 "$sonde" $verb "$progs/v01_null.bpf.o" --only wrong --log log
		[[ ${stderr_lines[0]} == "note: the verifier's log is in log" && $stderr != *"end of the"* ]]
		grep -q '^0: R1=ctx' log && grep -q '^processed ' log
		rm log
	done
	run -1 "$sonde" load "$progs/v01_null.bpf.o" --only wrong --log /nowhere/log
	[[ $output == *"note: --log /nowhere/log: ENOENT"* ]]
	"$sonde" load "$progs/hello.bpf.o" --log log
	[ ! -e log ]
}

@test "P22: licenses and helpers" {
	cat >license.bpf.c <<-'END'
		char LICENSE[] __attribute__((section("license"))) = TEXT;
		static long (*bpf_trace_printk)(const char *, unsigned, ...) = (void *)6;
		__attribute__((section("tp/syscalls/sys_enter_getpgid"))) int p(void *c)
		{
			char text[] = "x";
			return bpf_trace_printk(text, sizeof text);
		}
	END
	license() {
		clang -O2 -g -target bpfel "-DTEXT=\"$1\"" -c license.bpf.c -o license.o
	}
	for text in GPL "GPL v2" "GPL and additional rights" "Dual BSD/GPL" "Dual MIT/GPL" "Dual MPL/GPL"; do
		license "$text"
		"$sonde" plan -v license.o >plan
	done
	for text in gpl GPLv2 GLP MIT "GPL-2.0" "Dual BSD/GPL "; do
		license "$text"
		refused plan license.o
		[[ $reason == *"program 'p' "*"calls bpf_trace_printk, which requires a GPL-compatible license; the license is '$text'" ]]
	done
}

@test "P23: the order of bpf_strncmp's arguments" {
	body() {
		echo 'SEC("tp/syscalls/sys_enter_getpgid") int p(void *c) {'
		echo "char name[8] = \"abc\"; return $1; }"
	}
	compile right.o < <(body 'bpf_strncmp(name, sizeof(name), "abc")')
	run ! compile wrong.o -Werror < <(body 'bpf_strncmp(name, "abc", sizeof(name))')
}

@test "P28: quiet, -v and -vv" {
	needs_bpf
	object=$BATS_FILE_TMPDIR/nothing.o
	run --separate-stderr -0 "$sonde" run "$object" --for 10ms
	[[ ${#stderr_lines[@]} = 1 ]]
	run --separate-stderr -0 "$sonde" run -v "$object" --for 10ms
	steps=${#stderr_lines[@]}
	[[ $steps -gt 3 && $(grep -c '# program' <<<"$stderr") -ge 2 ]]
	run --separate-stderr -0 "$sonde" run -vv "$object" --for 10ms
	[[ $(grep -c '^bpf(BPF_' <<<"$stderr") -ge 2 ]]
	# Every field of the call, and the size passed to the kernel.
	grep -qE '^bpf\(BPF_PROG_LOAD, .*insn_cnt=2.*, [0-9]+\) = [0-9]+' <<<"$stderr"
}

@test "P29: embedding the library requires one header, and errors are reported one way" {
	cd "$root"
	run ! grep -n '#include "' loader/sonde.h
	# With the library of the unit tests: builds.t builds libsonde.a, which takes longer.
	embed=${UNIT_OUT-build/test}/embed
	# shellcheck disable=SC2086
	flock build/test/lock make -s ${UNIT_MAKE--f tests/unit/Makefile} "$embed" >&2
	run -1 "$embed" missing.o
	[[ ${lines[0]} == "missing.o: ENOENT: No such file or directory" ]]
	run -1 "$embed" Makefile
	[[ ${lines[0]} == "Makefile: "* ]]
	needs_bpf
	run -0 "$embed" build/progs/opensnoop.bpf.o
	[[ $output == "0 records" ]]
}

@test "P30: Makefiles and documented commands work unchanged" {
	cd "$root"
	run ! grep -nE '[^[:blank:]][[:blank:]]+$' Makefile progs/Makefile.inc tests/*/Makefile tests/vm/*/Makefile
	# The command of the manual, in an empty directory.
	mkdir "$BATS_TEST_TMPDIR/mine"
	cp "$progs/../nothing.bpf.c" "$BATS_TEST_TMPDIR/mine/my.bpf.c"
	command=$(sed -n 's/^clang -O2 -g -target bpf /&/p' progs/README.md)
	[[ $command == *"-c my.bpf.c -o my.bpf.o" ]]
	cd "$BATS_TEST_TMPDIR/mine"
	ln -s "$root/progs" "$root/build" .
	$command
	"$sonde" plan -v my.bpf.o >/dev/null
}

@test "P32: stack overflow" {
	stack() {
		echo 'SEC("tp/syscalls/sys_enter_getpgid") int p(void *c) {'
		echo "char text[$1]; bpf_get_current_comm(text, sizeof(text)); return text[$1 - 1]; }"
	}
	compile fits.o < <(stack 400)
	run compile large.o < <(stack 4096)
	[[ $status != 0 && $output == *stack* ]]
	"$sonde" plan "$progs/bigscratch.bpf.o" >/dev/null
}

@test "P33: functions that are not inlined" {
	needs_bpf
	compile calls.o <<-'END'
		__u64 total;
		static __noinline int add(int n) { total += n; return n; }
		__noinline int add_twice(int n) { return add(n) + add(n); }
		SEC("tp/syscalls/sys_enter_getpgid") int calls(void *ctx) { return add(1) + add_twice(2); }
	END
	"$sonde" inspect calls.o | grep -qE '^ *add .*subprogram$'
	run -0 "$sonde" run calls.o --for 10ms
}

@test "P34: notations of values" {
	needs_bpf
	compile values.o <<-'END'
		const volatile __be32 address;
		const volatile __be16 port;
		const volatile __u32 number;
		const volatile __u8 byte;
		struct seen { __u8 address[4], port[2]; __u32 number; __u8 byte; } seen;
		SEC("tp/syscalls/sys_enter_getpgid") int values(void *ctx)
		{
			*(__be32 *)seen.address = address;
			*(__be16 *)seen.port = port;
			seen.number = number;
			seen.byte = byte;
			return 0;
		}
	END
	begin values.o --set address=10.0.0.2 --set port=80 --set number=10.0.0.2 --set byte=255 --json --every 1h
	python3 -c 'import os; os.getpgid(0)'
	end
	cat out
	python3 - out <<-'END'
		import json, sys
		seen = json.loads(open(sys.argv[1]).read().splitlines()[-1])["value"]["seen"]
		assert bytes(seen["address"]) == bytes([10, 0, 0, 2]), seen
		assert bytes(seen["port"]) == bytes([0, 80]), seen
		assert seen["number"] == 0x0a000002 and seen["byte"] == 255, seen
	END
	for wrong in 10.0.0.256 10.0.0 10.0.0.2.1 10..0.2 10.0.0.2x; do
		refused run values.o --set "address=$wrong"
		[[ $reason == *"variable 'address' expects an IPv4 address "*"got '$wrong'" ||
			$reason == *"variable 'address' expects a number, got '$wrong'" ]]
	done
	refused run values.o --set byte=256
	[[ $reason == *"variable 'byte': 256 is out of range (0 to 255)" ]]
}

@test "P35: a program without USDT probes" {
	probed program
	compile usdt.o <<<"SEC(\"usdt/$PWD/program:python:function__entry\") int probe(void *ctx) { return 0; }"
	refused plan usdt.o
	[[ $reason == *"no USDT probes: no section .note.stapsdt" ]]
	[[ $hint == *sys/sdt.h* ]]
}

@test "P36: the binary needs no other file" {
	run -0 file -L "$sonde"
	[[ $output == *"static-pie linked"* ]]
	run ! grep -qE 'NEEDED|INTERP' <(readelf -ld "$sonde")
	# Also in a chroot.
	mkdir root
	cp "$sonde" root/sonde
	cp "$BATS_FILE_TMPDIR/nothing.o" root
	[[ $EUID = 0 ]] || skip "not root: no chroot"
	run -0 chroot root /sonde plan nothing.o
	[[ $output == *"program 'nothing'"* ]]
}

@test "a program on the default-route interface: confirmation on a terminal" {
	[[ $EUID = 0 ]] || skip "not root: no network namespace"
	needs_bpf
	shown() { # REGEX: waits for it on the screen, for at most a minute
		timeout 60 bash -c 'until grep -qE "$0" screen || ! kill -0 "$1"; do sleep 0.05; done' \
			"$1" "$pid" || { cat screen; return 1; }
	}
	# In a network namespace, so that no real route is affected.
	asked() {
		rm -f keys screen
		mkfifo keys
		unshare -n bash -c "ip link add v0 type veth && ip addr add 10.9.0.1/24 dev v0 &&
			ip link set v0 up && ip route add default via 10.9.0.2 &&
			exec script -qefc 'env --default-signal=INT $sonde run $progs/xdppass.bpf.o --on v0' /dev/null" <keys >screen 3>&- &
		pid=$!
		exec 5<>keys
		shown 'attach anyway[?]'
		echo "$1" >&5
		shown 'program attached|sonde: '
		printf '\003' >&5 # Ctrl-C
		wait "$pid" || true
		exec 5>&-
		output=$(cat screen)
		echo "$output"
		[[ $output == *"attach anyway? [y/N]"* ]]
	}
	unshare -n ip link add v0 type veth || skip "no network namespaces or veth here"
	asked y
	[[ $output == *"1 program attached"* ]]
	asked ''
	[[ $output == *"sonde: "*--yes* && $output != *"program attached"* ]]
}

# ---- other common mistakes

@test "a file name instead of a verb, and misspelled verbs" {
	run --separate-stderr -2 "$sonde" "$BATS_FILE_TMPDIR/nothing.o"
	[[ $stderr == *"hint: it is a file; to run it: sonde run $BATS_FILE_TMPDIR/nothing.o" ]]
	run --separate-stderr -2 "$sonde" isnpect
	[[ $stderr == *"hint: did you mean 'inspect'?"* ]]
}

@test "a source file instead of an object, and a name without suffix" {
	cp "$BATS_FILE_TMPDIR/nothing.bpf.c" my.bpf.c
	for verb in run load plan inspect; do
		refused "$verb" my.bpf.c
		[[ $reason == "sonde: my.bpf.c: not an ELF file" && $hint == *"clang -O2 -g -target bpf -c FILE.bpf.c" ]]
		refused "$verb" "${progs}/hello"
		[[ $hint == "hint: did you mean '$progs/hello.bpf.o'?" ]]
		refused "$verb" no_such_object
		[[ ! $hint ]]
	done
}

@test "--on for an unknown program" {
	for verb in run load plan; do
		refused "$verb" "$progs/xdppass.bpf.o" --on xdpass=lo
		[[ $reason == *"there is no program 'xdpass'" && $hint == "hint: its programs are: xdppass" ]]
	done
}

@test "inspect tables fit the terminal" {
	count=0
	for object in $(every 4 "$progs"/*.bpf.o); do
		"$sonde" inspect "$object" | sed 1d >table
		[[ $(widest <table) -le 80 ]] || {
			echo "$object"
			cat table
			false
		}
		count=$((count + 1))
	done
	[[ $count -gt 10 ]]
	# Wrapping loses nothing.
	"$sonde" inspect --json "$progs/opensnoop.bpf.o" | is_json
}

@test "control characters in names do not reach the terminal" {
	cat >evil.c <<-'END'
		char LICENSE[] __attribute__((section("license"), used)) = "GPL\033[31m";
		__attribute__((section("tp/a/\033]0;title\007b"), used)) int evil(void *c) __asm__("na\033[2Jme\302\205");
		int evil(void *c) { return 0; }
	END
	clang -O2 -g -target bpfel -c evil.c -o evil.o
	run ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' <(
		"$sonde" inspect evil.o
		"$sonde" inspect -S -c evil.o
		"$sonde" plan evil.o
		"$sonde" plan -vv evil.o
		"$sonde" plan --why 1 evil.o
		"$sonde" plan --dot evil.o
		"$sonde" plan --for 5.10 evil.o
		"$sonde" plan --diff evil.o evil.o
		"$sonde" run evil.o 2>&1
		"$sonde" run -v evil.o 2>&1
	)
	"$sonde" inspect evil.o | grep -qF 'na?[2Jme'
	# Colours are kept.
	script -qec "'$sonde' plan -v '$BATS_FILE_TMPDIR/nothing.o'" /dev/null </dev/null | grep -qF $'\e[1m1. '
}

@test "--map is checked before anything is loaded" {
	needs_bpf
	run -1 strace -f -o calls -e trace=bpf "$sonde" run "$progs/execcount.bpf.o" --map nope
	run ! grep -q 'bpf(' calls
}

@test "an object compiled for the registers of another architecture" {
	needs_bpf
	[[ $(uname -m) = x86_64 ]] || skip "for x86-64 only"
	cat >arm.bpf.c <<-'END'
		#include "vmlinux.h"
		#include <bpf/bpf_helpers.h>
		#include <bpf/bpf_tracing.h>
		SEC("raw_tp/sys_enter") int BPF_PROG(regs, struct pt_regs *r)
		{
			return PT_REGS_PARM1_CORE(r) != 0;
		}
		char LICENSE[] SEC("license") = "GPL";
	END
	clang -O2 -g -target bpfel -D__TARGET_ARCH_arm64 "-I$root/progs/include" "-I$root/build/include" \
		-c arm.bpf.c -o arm.o
	run --separate-stderr -1 "$sonde" run arm.o --for 10ms
	echo "$stderr"
	[[ $stderr == *"hint: registers depend on the architecture: "*__TARGET_ARCH_* ]]
}

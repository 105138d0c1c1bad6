#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Tests of tests/vm/run on x86-6.1: everything that its --help promises.
# VM_SELFTEST_TARGETS="x86-5.10 arm64-6.12" selects other targets ("all": every one) for the tests that
# must pass everywhere; each takes five machines.

vm=$BATS_TEST_DIRNAME
bats_require_minimum_version 1.5.0

setup_file() {
	local status=0
	"$vm/fetch" --all x86-6.1 2>"$BATS_FILE_TMPDIR/said" || status=$?
	((status != 3)) || skip "$(tail -n 1 "$BATS_FILE_TMPDIR/said")"
	((!status)) || cat "$BATS_FILE_TMPDIR/said"
	return "$status"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export TMPDIR=$BATS_TEST_TMPDIR
}

# A run must leave nothing behind: no directory, and no process that refers to it.
teardown() {
	! compgen -G "$BATS_TEST_TMPDIR/vm.*" || return
	! pgrep -f "$BATS_TEST_TMPDIR/vm\\." || return
}

# The runner seldom changes.
rarely() {
	[[ ${SONDE_ALL-} ]] || skip "a detail of the runner: SONDE_ALL=1"
}

targets() {
	case ${VM_SELFTEST_TARGETS-} in
	'') echo x86-6.1 ;;
	all) "$vm/fetch" --list ;;
	*) echo "$VM_SELFTEST_TARGETS" ;;
	esac
}

@test "the exit status is passed on" {
	for status in 0 42; do
		run "-$status" "$vm/run" x86-6.1 - <<<"exit $status"
		[ "$output" = "" ]
	done
}

@test "output is passed on unchanged: long, binary, with CR and NUL, without a final newline" {
	rarely
	for target in $(targets); do
		{
			head -c 100000 /dev/urandom
			printf 'a\rb\r\nc\0d\033[1m'
			head -c 50000 /dev/zero | tr '\0' x
			printf 'the end'
		} >bytes
		echo 'cat /bytes' >script
		"$vm/run" "$target" script bytes >got
		cmp bytes got
	done
}

@test "stdout and stderr keep their order, and /dev/stdout can be opened" {
	rarely
	run -0 "$vm/run" x86-6.1 - <<-'END'
		echo 1
		echo 2 >&2
		echo 3 >/dev/stdout
		echo 4 >/dev/stderr
		sh -c 'echo 5'
		[ -t 1 ] || echo 6
		cat
	END
	[ "$output" = $'1\n2\n3\n4\n5\n6' ]
}

@test "on a timeout, the status is 124 and earlier output is kept" {
	# Long enough for the host's current speed.
	SECONDS=0
	run -0 "$vm/run" x86-6.1 - <<<:
	limit=$((10 + 5 * SECONDS))
	SECONDS=0
	run --separate-stderr -124 "$vm/run" --timeout $limit x86-6.1 - <<<'echo before; sleep 10000'
	((SECONDS >= limit))
	[ "$output" = before ]
	[[ $stderr == *"not finished after $limit seconds"* ]]
}

@test "on a kernel panic, the status is 125 and the console goes to stderr" {
	run --separate-stderr -125 "$vm/run" x86-6.1 - <<<'echo before; sleep 3; echo c >/proc/sysrq-trigger'
	[ "$output" = before ]
	[[ $stderr == *"Kernel panic"* ]]
}

@test "if the machine is powered off early, the status is 125" {
	rarely
	run -125 "$vm/run" x86-6.1 - <<<'poweroff -f'
}

@test "on wrong usage, the status is 125 and no machine starts" {
	run -125 "$vm/run"
	run -125 "$vm/run" x86-6.1
	run -125 "$vm/run" --nonsense x86-6.1 - </dev/null
	run -125 "$vm/run" x86-0.1 - </dev/null
	[[ $output == *"no target 'x86-0.1'"* ]]
	run -125 "$vm/run" x86-6.1 no-such-script
	run -125 "$vm/run" x86-6.1 - no-such-file </dev/null
	[[ $output == *no-such-file* ]]
	run -125 "$vm/run" --modules no_such_module x86-6.1 - </dev/null
	[[ $output == *no_such_module* ]]
	run -125 "$vm/run" --mem nonsense x86-6.1 - </dev/null
}

@test "background processes of the script do not keep the machine running" {
	rarely
	run -5 "$vm/run" x86-6.1 - <<-'END'
		sleep 1000 &
		setsid sh -c 'trap "" TERM; while :; do sleep 50; done' &
		exit 5
	END
}

@test "the machine has mounts, lo, config, applets, target, CPUs and memory" {
	for target in $(targets); do
		run -0 "$vm/run" --cpus 2 --mem 700 --append 'one.two=three' "$target" - <<-'END'
			set -e
			grep -q '^proc /proc proc' /proc/mounts
			grep -q ' /sys sysfs' /proc/mounts
			grep -q ' /dev devtmpfs' /proc/mounts
			grep -qE 'tracefs|bpf|debugfs' /proc/mounts && exit 1
			grep -q CONFIG_BPF_SYSCALL=y "/boot/config-$(uname -r)"
			ping -c 1 -W 2 127.0.0.1 >/dev/null
			[ "$(hostname) $(pwd) $(id -u) $HOME" = "vm / 0 /root" ]
			[ "$(nproc)" = 2 ]
			awk '/MemTotal/ { exit !($2 > 500000 && $2 < 716800) }' /proc/meminfo
			grep -q one.two=three /proc/cmdline
			echo "$VM_TARGET"
		END
		[ "$output" = "$target" ]
	done
}

@test "--bare: nothing is mounted, and lo is down" {
	rarely
	for target in $(targets); do
		run -0 "$vm/run" --bare "$target" - <<-'END'
			set -e
			[ -z "$(ls /proc /sys | grep -v :)" ]
			[ "$(echo /dev/*)" = "/dev/console /dev/null" ]
			echo gone >/dev/null
			ping -c 1 -W 1 127.0.0.1 2>/dev/null && exit 1
			mount -t proc proc /proc
			[ "$(grep -c . /proc/mounts)" = 2 ]
			echo well
		END
		[[ $output == *well ]]
	done
}

@test "files and directories are copied to their places with their modes" {
	mkdir -p dir/sub
	echo one >dir/sub/one
	ln -s sub/one dir/link
	printf '#!/bin/sh\necho two\n' >two
	chmod 755 two
	run -0 "$vm/run" x86-6.1 - dir two dir:/deep/er two:/bin/three "$PWD/two" <<-'END'
		cat /dir/link /deep/er/sub/one
		/two
		three
		stat -c '%u %g %a' /two
	END
	[ "$output" = $'one\none\ntwo\ntwo\n0 0 755' ]
}

@test "modules are loaded with their dependencies" {
	for target in $(targets); do
		run -0 "$vm/run" --modules "veth sch_ingress cls_bpf tun" "$target" - <<-'END'
			set -e
			ip link add left type veth
			ip link set left up
			[ -e /sys/class/net/veth0 ]
			for module in veth sch_ingress cls_bpf tun; do
				[ -d "/sys/module/$module" ]
			done
			echo well
		END
		[[ $output == *well ]]
	done
}

@test "another program can be process 1 and exec the runner's init" {
	rarely
	printf '#!/bin/busybox sh\n%s\n' 'echo "$$ $*" >/first-was' 'exec /init' >first
	chmod 755 first
	for target in $(targets); do
		run -9 "$vm/run" --append 'rdinit=/first -- with this' "$target" - first <<<'cat first-was; exit 9'
		[ "$output" = "1 with this" ]
	done
}

@test "two concurrent runs do not interfere" {
	rarely
	for n in 1 2; do
		"$vm/run" x86-6.1 - <<<"for i in \$(seq 300); do echo $n \$i; done; exit $n" >out$n 3>&- &
		pids[n]=$!
	done
	for n in 1 2; do
		status=0
		wait "${pids[n]}" || status=$?
		[ "$status" = "$n" ]
		cmp "out$n" <(seq -f "$n %.0f" 300)
	done
}

@test "a terminated runner stops its machine" {
	"$vm/run" x86-6.1 - <<<'echo up; sleep 100' >out 3>&- &
	pid=$!
	for _ in $(seq 3000); do
		[ -s out ] && break
		sleep 0.2
	done
	[ "$(cat out)" = up ]
	kill "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 143 ]
}

@test "--keep keeps the files, --console shows the console" {
	rarely
	run --separate-stderr -0 "$vm/run" --keep --console x86-6.1 - </dev/null
	[[ $stderr == *"Linux version"* ]]
	[[ $stderr == *"kept in $BATS_TEST_TMPDIR/vm."* ]]
	rm -r vm.*
}

# The compilers of tests/sysroot are in the group `cross` and only used with VM_SELFTEST_TARGETS.
@test "programs built with tests/sysroot are static and run" {
	cat >hello.c <<-'END'
		#include <stdio.h>
		#include <sys/utsname.h>
		int main(void)
		{
			struct utsname name;
			short one = 1;
			uname(&name);
			printf("%s %zu %s\n", name.machine, 8 * sizeof(long),
				*(char *)&one ? "little" : "big");
			return 3;
		}
	END
	declare -A says=([arm64]="aarch64 64 little" [armhf]="armv7l 32 little"
		[riscv64]="riscv64 64 little" [s390x]="s390x 64 big")
	built=0
	for target in $(targets); do
		arch=${target%-*}
		[ "${says[$arch]-}" ] || continue
		compiler=$("$vm/../sysroot" "$arch")
		"$compiler" -Wall -Werror -O2 -static hello.c -o hello
		run -0 file hello
		[[ $output == *"statically linked"* ]]
		run -3 "$vm/run" "$target" - hello <<<'/hello'
		[ "$output" = "${says[$arch]}" ]
		built=$((built + 1))
	done
	[ $built -gt 0 ] || skip "no target of another architecture in VM_SELFTEST_TARGETS"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Objects that others have written, loaded with libbpf and with sonde on two kernels: the same must be
# in the kernel. tests/conformance/sample lists them; `make conformance` takes all there are, on five
# kernels.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	tests/deps conformance
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# kernel K: the sample on that kernel.
kernel() {
	run tests/conformance/run --sample --kernels "$1"
	echo "$output"
	[ "$status" = 0 ]
	# Not one of them may be missing.
	[[ $output == *"$(grep -vc '^#' tests/conformance/sample) objects"* ]]
}

@test "what libbpf loads, sonde loads alike: Linux 6.1" { kernel 6.1; }
@test "what libbpf loads, sonde loads alike: the newest Linux" { kernel new; }

@test "a difference is seen" {
	run -1 tests/conformance/run --altered --kernels new selftests-new/tailcall1
	echo "$output"
	[[ $output == *"tailcall1: map jmp_table: entries: libbpf 3, sonde 4"* ]]
	[[ $output == *"tailcall1: prog entry: only with libbpf"* ]]
}

@test "refusals, crashes of the machine, and what takes too long are told, and the rest goes on" {
	cat >"$BATS_TEST_TMPDIR/sonde" <<-'END'
		#!/bin/sh
		case "$*" in
		*/tailcall1.bpf.o) exec /peer "/o/selftests-new/tailcall1/tailcall1.bpf.o" ;;
		*/tailcall2.bpf.o) echo c >/proc/sysrq-trigger ;;
		*/tailcall3.bpf.o) sleep 100 ;;
		*/tailcall4.bpf.o) kill -SEGV $$ ;;
		esac
		echo "sonde: no"
		exit 1
	END
	chmod 755 "$BATS_TEST_TMPDIR/sonde"
	run -1 tests/conformance/run --sonde "$BATS_TEST_TMPDIR/sonde" --seconds 6 --kernels new \
		selftests-new/tailcall{1,2,3,4,5}
	echo "$output"
	[[ $output != *tailcall1* ]]
	[[ $output == *"tailcall2: libbpf: loaded, sonde: crash"* ]]
	[[ $output == *"tailcall3: libbpf: loaded, sonde: timeout"* ]]
	[[ $output == *"tailcall4: libbpf: loaded, sonde: signal"* ]]
	[[ $output == *"tailcall5: only libbpf: no"* ]]
}

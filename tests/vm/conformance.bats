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

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Third-party objects, loaded with libbpf and with sonde on two kernels: the kernel must end up in the
# same state. tests/conformance/sample lists the objects; `make conformance` loads all of them, on five
# kernels.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	tests/deps conformance
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# compared ARGUMENT…: runs the comparison; skips the test if the archive does not provide the kernel,
# the sources or libbpf (now).
compared() {
	run tests/conformance/run "$@"
	echo "$output"
	((status != 3)) || skip "$(grep -m 1 -e "can't be downloaded" -e 'does not answer' -e 'no package' <<<"$output")"
}

# kernel K: loads the sample on that kernel.
kernel() {
	local all absent
	compared --sample --kernels "$1"
	[ "$status" = 0 ]
	# Packages change; an object that is missing is reported, and most of them must be there.
	all=$(grep -vc '^#' tests/conformance/sample)
	absent=$(grep -c '^conformance: no object' <<<"$output" || true)
	[[ $output == *" $((all - absent)) objects"* ]]
	((absent == 0)) || grep '^conformance: ' <<<"$output" | sed 's/^/# /' >&3
	((absent < all / 4))
}

@test "sonde loads what libbpf loads: Linux 6.1" {
	[[ ${SONDE_ALL-} ]] || skip "seldom differs from the newest: SONDE_ALL=1"
	kernel 6.1
}
@test "sonde loads what libbpf loads: the newest Linux" { kernel new; }

@test "differences are detected" {
	compared --altered --kernels new selftests-new/tailcall1 selftests-new/bpf_dctcp \
		selftests-new/arena_atomics
	[ "$status" = 1 ]
	[[ $output == *"bpf_dctcp: ops dctcp: word "*": libbpf "*", sonde "* ]]
	[[ $output == *"arena_atomics: content arena: word 0: libbpf "* ]]
	[[ $output == *"tailcall1: map jmp_table: entries: libbpf 3, sonde 4"* ]]
	[[ $output == *"tailcall1: prog entry: only with libbpf"* ]]
}

@test "rejections, crashes and timeouts are reported, and the run continues" {
	cat >"$BATS_TEST_TMPDIR/sonde" <<-'END'
		#!/bin/sh
		case "$*" in
		*/tailcall1.bpf.o) exec /peer "/o/selftests-new/tailcall1/tailcall1.bpf.o" ;;
		*/tailcall2.bpf.o) echo c >/proc/sysrq-trigger ;;
		*/tailcall3.bpf.o) sleep 1000 ;;
		*/tailcall4.bpf.o) kill -SEGV $$ ;;
		esac
		echo "sonde: no"
		exit 1
	END
	chmod 755 "$BATS_TEST_TMPDIR/sonde"
	compared --sonde "$BATS_TEST_TMPDIR/sonde" --seconds 20 --kernels new \
		selftests-new/tailcall{1,2,3,4,5}
	[ "$status" = 1 ]
	[[ $output != *tailcall1* ]]
	[[ $output == *"tailcall2: libbpf: loaded, sonde: crash"* ]]
	[[ $output == *"tailcall3: libbpf: loaded, sonde: timeout"* ]]
	[[ $output == *"tailcall4: libbpf: loaded, sonde: signal"* ]]
	[[ $output == *"tailcall5: only libbpf: no"* ]]
}

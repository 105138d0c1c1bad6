#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The traps of docs/errors.md on real kernels: each is walked into, and sonde says so. Each kernel
# boots once and goes through all of pitfalls/guest.sh; its TAP is checked here, and shown when
# something is not ok. What needs no kernel is in tests/cli/pitfalls.bats.

bats_require_minimum_version 1.8.0
load machine

here=tests/vm/pitfalls

# machine TARGET: builds what it needs, boots it, and checks what it printed.
machine() {
	local name
	prepare "$1"
	mkdir -p "$tmp/pit" "$tmp/progs"
	for name in hello execcount opensnoop schedexec tptail kmallocs forks lsmdeny tcpfent xdppass; do
		locked "build/progs/$name.bpf.o"
		cp "build/progs/$name.bpf.o" "$tmp/progs"
	done
	for name in "$here"/*.bpf.c; do
		object "$name" "$tmp/pit/$(basename "$name" .c).o" \
			-idirafter "/usr/include/$(clang -print-multiarch)"
	done
	program "$here/does.c" -pthread
	proves tests/vm/run --bare --timeout 3600 --append lsm=landlock,lockdown,yama --modules veth "$1" \
		"$here/guest.sh" tests/vm/guest/lib.sh "$tmp"/{sonde,act,does,pit,progs}
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, Linux 6.12" { machine x86-6.12; }
@test "x86-64, the newest Linux" { machine x86-new; }
@test "armhf, Linux 6.12: 32 bits, no types" { machine armhf-6.12; }

# A minute each: PITFALLS_TARGETS=all.
others() {
	[[ ${PITFALLS_TARGETS-} == all ]] || skip "takes minutes: PITFALLS_TARGETS=all"
	machine "$@"
}
@test "x86-64, Linux 6.1" { others x86-6.1; }
@test "x86-64, Linux 6.18" { others x86-6.18; }
@test "arm64, Linux 6.12" { others arm64-6.12; }

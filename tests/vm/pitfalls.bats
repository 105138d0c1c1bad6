#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The pitfalls of docs/errors.md on real kernels: each is triggered, and sonde must diagnose it. Each
# kernel boots once and runs pitfalls/guest.sh; the TAP is checked here and shown on failure. Pitfalls
# that need no special kernel are in tests/cli/pitfalls.bats.

bats_require_minimum_version 1.8.0
load machine

here=tests/vm/pitfalls

# machine TARGET: builds what the machine needs, boots it and checks its output.
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
	object "$here/regions.bpf.c" "$tmp/pit/terms.bpf.o" -DTERMS='"Proprietary"' \
		-idirafter "/usr/include/$(clang -print-multiarch)"
	cp "$here"/*.txt "$tmp/pit"
	program "$here/does.c" -pthread
	proves tests/vm/run --bare --timeout 3600 --append lsm=landlock,lockdown,yama --modules veth "$1" \
		"$here/guest.sh" tests/vm/guest/lib.sh "$tmp"/{sonde,act,does,pit,progs}
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, the newest Linux" { machine x86-new; }
@test "armhf, Linux 6.12: 32 bits, no types" { extra && machine armhf-6.12; }

@test "x86-64, Linux 6.1" { extra && machine x86-6.1; }
@test "x86-64, Linux 6.12" { extra && machine x86-6.12; }
@test "x86-64, Linux 6.18" { extra && machine x86-6.18; }
@test "arm64, Linux 5.10: no trampolines" { extra && machine arm64-5.10; }
@test "arm64, Linux 6.12" { extra && machine arm64-6.12; }

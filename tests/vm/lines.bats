#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The probe interface of kernels before 4.17 (lines in tracefs), on newer kernels whose perf event
# sources are hidden. Each kernel boots once and runs lines/guest.sh; the TAP is checked here and shown
# on failure.

bats_require_minimum_version 1.8.0
load machine

# machine TARGET: builds what the machine needs, boots it and checks its output.
machine() {
	local name
	prepare "$1"
	program tests/vm/guest/probed.c -O1 -no-pie
	for name in lines/kernel guest/probes; do
		object "tests/vm/$name.bpf.c" "$tmp/${name#*/}.bpf.o"
	done

	proves tests/vm/run --bare --timeout 3600 "$1" tests/vm/lines/guest.sh tests/vm/guest/lib.sh \
		"$tmp"/{sonde,probed,act,kernel.bpf.o,probes.bpf.o}
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, Linux 6.12" { extra && machine x86-6.12; }
@test "x86-64, the newest Linux" { machine x86-new; }
@test "arm64, Linux 6.12" { extra && machine arm64-6.12; }
@test "armhf, Linux 6.12: 32 bits, no types, no wrappers" { machine armhf-6.12; }
@test "s390x, Linux 6.12: big-endian" { extra && machine s390x-6.12; }

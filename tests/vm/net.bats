#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Network and cgroup hooks on real kernels. Each kernel boots once and runs guest/net.sh; the TAP is
# checked here and shown on failure.

bats_require_minimum_version 1.8.0
load machine
load network

@test "x86-64, Linux 5.10" { machine x86-5.10 net.sh; }
@test "x86-64, Linux 6.1" { others x86-6.1 net.sh; }
@test "x86-64, Linux 6.12" { others x86-6.12 net.sh; }
@test "x86-64, the newest Linux" { machine x86-new net.sh; }
@test "armhf, Linux 6.12: 32 bits, no types" { others armhf-6.12 net.sh; }
@test "s390x, Linux 6.12: big-endian" { others s390x-6.12 net.sh; }

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A sample of `make faults`: system calls of sonde fail, signals arrive at them.

bats_require_minimum_version 1.8.0
load machine

machine() {
	cd "$root" || return
	available "$1"
	proves tests/faults/run --every 499 "$1"
}

# Where most attachments have to be undone step by step.
@test "x86-64, Linux 5.10" { machine x86-5.10; }

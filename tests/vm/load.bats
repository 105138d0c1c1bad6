#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A second of `make load`: nothing is lost that is not counted.

bats_require_minimum_version 1.8.0
load machine

@test "x86-64, the newest Linux" {
	cd "$root" || return
	available x86-new
	proves tests/load/run 1 x86-new
}

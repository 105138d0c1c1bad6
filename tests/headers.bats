#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Compares the ABI tables with the kernel headers of several Debian suites (unit/test_abi.c), which are
# downloaded into the cache.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
}

# agree SUITE: all tables agree with its linux-libc-dev.
agree() {
	local status=0 folder errors=$BATS_TEST_TMPDIR/errors
	folder=$(bash -c '. tests/vm/lib.sh && shelve "$cache/headers/$0" "$0" amd64 true linux-libc-dev' \
		"$1" 2>"$errors") || status=$?
	((status != 3)) || skip "$(tail -n 1 "$errors")"
	((!status)) || cat "$errors"
	((!status))
	flock build/test/lock make -s -f tests/unit/Makefile build/test/unit/test_abi
	ABI_HEADERS=$folder/usr/include run build/test/unit/test_abi
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"facts compared"* ]]
	grep -E '^# .*(and the header|facts compared)' <<<"$output" >&3
}

@test "Debian 11" { agree bullseye; }
@test "Debian 12" { agree bookworm; }
@test "Debian 13" { agree trixie; }
@test "Debian unstable" { agree sid; }

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Record types of another project's programs, libbpf-tools, compiled from Debian's source: what is shown
# without debug information, compared with that (unit/test_layout, which prints the figures and requires
# that nothing certain is wrong). Not part of `make check`, since it downloads. A sixth of them;
# SONDE_ALL=1: all, which takes minutes.

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
}

@test "what is certain about the records of libbpf-tools is right" {
	tests/deps conformance
	export OBJECTS_EVERY=6
	[[ ! ${SONDE_ALL-} ]] || OBJECTS_EVERY=1
	run tests/objects/make "$BATS_TEST_TMPDIR" libbpf-tools
	echo "$output"
	((status != 3)) || skip "$(tail -n 1 <<<"$output")"
	[[ $status = 0 ]]
	objects=("$BATS_TEST_TMPDIR"/libbpf-tools/*.bpf.o)
	((${#objects[@]} > 40 / OBJECTS_EVERY))
	make -s all
	flock build/test/lock make -s -f tests/unit/Makefile build/test/unit/test_layout
	SONDE_LAYOUTS=${objects[*]} SONDE_LAYOUTS_SHOW=1 run build/test/unit/test_layout
	echo "$output"
	[[ $status = 0 ]]
	maps=$(sed -n 's/^# llvm-strip -g: \([0-9]*\) maps.*/\1/p' <<<"$output")
	((maps >= 45 / OBJECTS_EVERY))
}

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The course's first programs on real kernels, old and new, of both byte orders and word sizes. Each
# kernel boots once and proves all in guest/programs.sh; its TAP is checked here, and shown when
# something is not ok.

bats_require_minimum_version 1.5.0

root=$BATS_TEST_DIRNAME/../..

setup_file() {
	cd "$root" || return
	tests/deps test
	mkdir -p build/test
	locked all
}

locked() {
	flock build/test/lock make -s "$@"
}

# machine TARGET: builds what it needs, boots it, and checks what it printed.
machine() {
	local target=$1 arch=${1%-*} compiler=musl-gcc out=build order=
	cd "$root" || return
	if [[ $arch != x86 ]]; then
		tests/deps cross
		compiler=$(tests/sysroot "$arch")
		out=build/$arch
		locked ARCH="$arch" "$out/sonde"
	fi
	[[ $arch != s390x ]] || order=/eb
	local object objects=()
	for object in progs/*/*.bpf.c; do
		objects+=("build/progs$order/$(basename "$object" .c).o")
	done
	locked "${objects[@]}" "build/course$order/c16_execline.bpf.o"
	mkdir "$BATS_TEST_TMPDIR/progs"
	cp "${objects[@]}" "$BATS_TEST_TMPDIR/progs"
	"$compiler" -std=c11 -D_GNU_SOURCE -Os -static tests/vm/guest/act.c -o "$BATS_TEST_TMPDIR/act"

	run tests/vm/run --bare --timeout 400 "$target" tests/vm/guest/programs.sh \
		tests/vm/guest/lib.sh "$out/sonde" "$BATS_TEST_TMPDIR/act" "$BATS_TEST_TMPDIR/progs" \
		"build/course$order/c16_execline.bpf.o:/course/c16_execline.bpf.o"
	echo "$output"
	[ "$status" = 0 ]
	! grep -q '^not ok' <<<"$output"
	# All of them were done.
	[[ ${lines[-1]} == "1..$(grep -c '^ok' <<<"$output")" ]]
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, Linux 6.1" { machine x86-6.1; }
@test "x86-64, Linux 6.12" { machine x86-6.12; }
@test "x86-64, the newest Linux" { machine x86-new; }
@test "arm64, Linux 6.12" { machine arm64-6.12; }
@test "armhf, Linux 6.12: 32 bits, no types" { machine armhf-6.12; }
@test "s390x, Linux 6.12: big-endian" { machine s390x-6.12; }

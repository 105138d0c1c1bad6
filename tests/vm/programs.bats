#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The course's first programs on real kernels, old and new, of both byte orders and word sizes. Each
# kernel boots once and proves all in guest/programs.sh; its TAP is checked here, and shown when
# something is not ok.

bats_require_minimum_version 1.8.0
load machine

root=$BATS_TEST_DIRNAME/../..

# machine TARGET: builds what it needs, boots it, and checks what it printed.
machine() {
	local target=$1 arch=${1%-*} compiler=musl-gcc out=build order='' name
	local tmp=$BATS_TEST_TMPDIR make=(make -s)
	cd "$root" || return
	tests/deps test
	if [[ $arch != x86 ]]; then
		tests/deps cross
		compiler=$(tests/sysroot "$arch")
		out=build/$arch
		make+=("ARCH=$arch")
	fi
	[[ $arch != s390x ]] || order=/eb
	mkdir -p build/test "$tmp/progs"
	# Copies, so that nobody who builds meanwhile disturbs.
	{
		flock 9
		"${make[@]}" "$out/sonde"
		cp "$out/sonde" "$tmp/sonde"
		for name in smoke hello execcount opensnoop; do
			make -s "build/progs$order/$name.bpf.o"
			cp "build/progs$order/$name.bpf.o" "$tmp/progs"
		done
		make -s "build/course$order/c16_execline.bpf.o"
		cp "build/course$order/c16_execline.bpf.o" "$tmp"
	} 9>build/test/lock
	"$compiler" -std=c11 -D_GNU_SOURCE -Os -static tests/vm/guest/act.c -o "$tmp/act"

	run tests/vm/run --bare --timeout 400 "$target" tests/vm/guest/programs.sh \
		tests/vm/guest/lib.sh "$tmp/sonde" "$tmp/act" "$tmp/progs" \
		"$tmp/c16_execline.bpf.o:/course/c16_execline.bpf.o"
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

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Probes of kernels before 4.17, on newer ones whose perf event sources are hidden. Each kernel
# boots once and proves all in lines/guest.sh; its TAP is checked here, and shown when something is
# not ok.

bats_require_minimum_version 1.5.0

root=$BATS_TEST_DIRNAME/../..

setup_file() {
	cd "$root"
	tests/deps test
	mkdir -p build/test
	locked all
}

locked() {
	flock build/test/lock make -s "$@"
}

# machine TARGET BPF_ARCH: builds what it needs, boots it, and checks what it printed.
machine() {
	local arch=${1%-*} compiler=musl-gcc out=build order=el tmp=$BATS_TEST_TMPDIR name
	cd "$root"
	if [[ $arch != x86 ]]; then
		tests/deps cross
		compiler=$(tests/sysroot "$arch")
		out=build/$arch
		locked ARCH="$arch" "$out/sonde"
	fi
	[[ $arch != s390x ]] || order=eb
	local flags=(-std=c11 -D_GNU_SOURCE -O1 -static -no-pie)
	# The kernel has no uprobes in Thumb code.
	[[ $arch != armhf ]] || flags+=(-marm)
	for name in probed act; do
		"$compiler" "${flags[@]}" "tests/vm/guest/$name.c" -o "$tmp/$name"
	done
	for name in lines/kernel guest/probes; do
		clang -target "bpf$order" -O2 -g -mcpu=v2 -Wall -D"__TARGET_ARCH_$2" -Iprogs/include \
			-Ibuild/include -c "tests/vm/$name.bpf.c" -o "$tmp/${name#*/}.bpf.o"
	done

	run -0 tests/vm/run --bare --timeout 300 "$1" tests/vm/lines/guest.sh tests/vm/guest/lib.sh \
		"$out/sonde" "$tmp"/{probed,act,kernel.bpf.o,probes.bpf.o}
	echo "$output"
	! grep -q '^not ok' <<<"$output"
	# All of them were done.
	[[ ${lines[-1]} == "1..$(grep -c '^ok' <<<"$output")" ]]
}

@test "x86-64, Linux 5.10" { machine x86-5.10 x86; }
@test "x86-64, Linux 6.12" { machine x86-6.12 x86; }
@test "x86-64, the newest Linux" { machine x86-new x86; }
@test "arm64, Linux 6.12" { machine arm64-6.12 arm64; }
@test "armhf, Linux 6.12: 32 bits, no types, no wrappers" { machine armhf-6.12 arm; }
@test "s390x, Linux 6.12: big-endian" { machine s390x-6.12 s390; }

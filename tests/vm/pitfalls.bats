#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The traps of docs/errors.md on real kernels: each is walked into, and sonde says so. Each kernel
# boots once and goes through all of pitfalls/guest.sh; its TAP is checked here, and shown when
# something is not ok. What needs no kernel is in tests/cli/pitfalls.bats.

bats_require_minimum_version 1.8.0
load machine

root=$BATS_TEST_DIRNAME/../..
here=tests/vm/pitfalls

locked() {
	flock build/test/lock make -s "$@"
}

# machine TARGET BPF_ARCH: builds what it needs, boots it, and checks what it printed.
machine() {
	local target=$1 arch=${1%-*} compiler=musl-gcc out=build make=() tmp=$BATS_TEST_TMPDIR name
	cd "$root"
	tests/deps test
	mkdir -p build/test "$tmp/pit" "$tmp/progs"
	if [[ $arch != x86 ]]; then
		tests/deps cross
		compiler=$(tests/sysroot "$arch")
		out=build/$arch
		make=("ARCH=$arch")
	fi
	locked "${make[@]}" "$out/sonde"
	for name in hello execcount opensnoop schedexec tptail kmallocs forks lsmdeny tcpfent xdppass; do
		locked "build/progs/$name.bpf.o"
		cp "build/progs/$name.bpf.o" "$tmp/progs"
	done
	for name in "$here"/*.bpf.c; do
		clang -target bpfel -O2 -g -mcpu=v2 -Wall -D"__TARGET_ARCH_$2" -Iprogs/include -Ibuild/include \
			-idirafter "/usr/include/$(clang -print-multiarch)" -c "$name" \
			-o "$tmp/pit/$(basename "$name" .c).o"
	done
	"$compiler" -std=c11 -D_GNU_SOURCE -Os -static tests/vm/guest/act.c -o "$tmp/act"
	"$compiler" -std=c11 -D_GNU_SOURCE -Os -static -pthread "$here/does.c" -o "$tmp/does"

	run -0 tests/vm/run --bare --timeout 900 --append lsm=landlock,lockdown,yama --modules veth "$target" "$here/guest.sh" \
		tests/vm/guest/lib.sh "$out/sonde" "$tmp"/{act,does,pit,progs}
	echo "$output"
	! grep -q '^not ok' <<<"$output"
	# All of them were done.
	[[ ${lines[-1]} == "1..$(grep -c '^ok' <<<"$output")" ]]
}

@test "x86-64, Linux 5.10" { machine x86-5.10 x86; }
@test "x86-64, Linux 6.12" { machine x86-6.12 x86; }
@test "x86-64, the newest Linux" { machine x86-new x86; }
@test "armhf, Linux 6.12: 32 bits, no types" { machine armhf-6.12 arm; }

# A minute each: PITFALLS_TARGETS=all.
others() {
	[[ ${PITFALLS_TARGETS-} == all ]] || skip "takes minutes: PITFALLS_TARGETS=all"
	machine "$@"
}
@test "x86-64, Linux 6.1" { others x86-6.1 x86; }
@test "x86-64, Linux 6.18" { others x86-6.18 x86; }
@test "arm64, Linux 6.12" { others arm64-6.12 arm64; }

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What the object format knows beyond programs and maps: values of the kernel's configuration, its
# symbols and functions, modules, struct_ops, programs for programs, pins, arenas. Each kernel boots
# once and proves all in format/guest.sh; its TAP is checked here, and shown when something is not ok.

bats_require_minimum_version 1.8.0
load machine

root=$BATS_TEST_DIRNAME/../..

setup_file() {
	cd "$root"
	tests/deps conformance
	mkdir -p build/test
	flock build/test/lock make -s all
}

# compile OUT SOURCE FLAG…: one object.
compile() {
	local out=$1 source=$2
	shift 2
	clang -target "bpf$order" -O2 -g -mcpu=v2 -Wall -Wextra -Wno-unused-parameter -Werror \
		-Iprogs/include -Ibuild/include "$@" -c "tests/vm/format/$source.bpf.c" \
		-o "$objects/$out.bpf.o"
}

compile_all() {
	local name
	for name in facts unset ksyms kfunc module session ops replace pinned tags; do compile $name $name; done
	compile ops-link ops -DLINK
	compile ops-zero ops -DMORE=0
	compile ops-more ops -DMORE=1
	compile pinned-size pinned -DSIZE=2
	compile pinned-broken pinned -DBROKEN
	# What rustc has made of rust.rs is for little-endian machines.
	[[ $order != el ]] || clang -target bpfel -mcpu=v3 -c tests/vm/format/rust.s -o "$objects/rust.bpf.o"
	# Arenas take a newer compiler than all else here.
	clang() { clang-19 "$@"; }
	compile arena arena -mcpu=v3
	unset -f clang
}

# machine TARGET: builds what it needs, boots it, and checks what it printed.
machine() {
	local arch=${1%-*} compiler=musl-gcc out=build order=el objects=$BATS_TEST_TMPDIR/o
	local modules=tun
	cd "$root"
	if [[ $arch != x86 ]]; then
		tests/deps cross
		compiler=$(tests/sysroot "$arch")
		out=build/$arch
		flock build/test/lock make -s "ARCH=$arch" "$out/sonde"
	fi
	[[ $arch != s390x ]] || order=eb
	[[ $arch != x86 ]] || modules+=" nf_conntrack"
	mkdir "$objects"
	compile_all
	"$compiler" -std=c11 -D_GNU_SOURCE -Os -static tests/vm/guest/act.c \
		-o "$BATS_TEST_TMPDIR/act"
	cp "$out/sonde" "$BATS_TEST_TMPDIR/sonde"

	run tests/vm/run --timeout 400 --modules "$modules" "$1" \
		tests/vm/format/guest.sh tests/vm/guest/lib.sh "$BATS_TEST_TMPDIR"/{sonde,act,o}
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
@test "armhf, Linux 6.12: 32 bits, no types" { machine armhf-6.12; }
@test "s390x, Linux 6.12: big-endian" { machine s390x-6.12; }

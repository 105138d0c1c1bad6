#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Features of the object format beyond programs and maps: kernel configuration values, ksyms and kfuncs,
# modules, struct_ops, program extensions, pins, arenas. Each kernel boots once and runs
# format/guest.sh; the TAP is checked here and shown on failure.

bats_require_minimum_version 1.8.0
load machine

setup_file() {
	cd "$root"
	tests/deps conformance
}

# compile OUT SOURCE FLAG…: compiles one object.
compile() {
	local out=$1 source=$2
	shift 2
	object "tests/vm/format/$source.bpf.c" "$tmp/o/$out.bpf.o" -Wextra -Wno-unused-parameter \
		-Werror "$@"
}

compile_all() {
	local name
	for name in facts unset ksyms kfunc module session ops replace pinned tags; do compile $name $name; done
	compile ops-link ops -DLINK
	compile ops-zero ops -DMORE=0
	compile ops-more ops -DMORE=1
	compile pinned-size pinned -DSIZE=2
	compile pinned-broken pinned -DBROKEN
	compile left-1 left
	compile left-2 left -DVERSION=2
	compile left-wide left -DWIDE
	compile left-broken left -DBROKEN
	# The output of rustc for rust.rs is little-endian.
	[[ $order != el ]] || clang -target bpfel -mcpu=v3 -c tests/vm/format/rust.s -o "$tmp/o/rust.bpf.o"
	# Arenas require a newer compiler.
	clang=clang-19 compile arena arena -mcpu=v3
}

# machine TARGET: builds what the machine needs, boots it and checks its output.
machine() {
	local modules=tun
	prepare "$1"
	[[ $arch != x86 ]] || modules+=" nf_conntrack"
	mkdir "$tmp/o"
	compile_all
	proves tests/vm/run --timeout 3600 --modules "$modules" "$1" \
		tests/vm/format/guest.sh tests/vm/{guest/lib,format/leave}.sh "$tmp"/{sonde,act,o}
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, Linux 6.1" { extra && machine x86-6.1; }
@test "x86-64, Linux 6.12" { extra && machine x86-6.12; }
@test "x86-64, Linux 6.18" { extra && machine x86-6.18; }
@test "x86-64, the newest Linux" { machine x86-new; }
@test "armhf, Linux 6.12: 32 bits, no types" { extra && machine armhf-6.12; }
@test "s390x, Linux 6.12: big-endian" { extra && machine s390x-6.12; }

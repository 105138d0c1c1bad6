#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The output of the course's tools: symbolized stacks, histograms, tables on a terminal. Each kernel
# boots once and runs tools/guest.sh; the TAP is checked here and shown on failure.

bats_require_minimum_version 1.8.0
load machine

programs=(cpuprof offcpu memleak tcpconnect biotop biolat rwlat mallocsize sysbycomm kmallocsum bpfcalls
	execcount)

# Stacks are unwound by frame pointers, including those of leaf functions.
cc_flags=(-std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer
	-fno-optimize-sibling-calls)

# Programs that read registers are compiled for one architecture.
objects() {
	local name
	for name in "${programs[@]}"; do
		object "$(echo progs/*/"$name.bpf.c")" "$tmp/progs/$name.bpf.o"
	done
	for name in again everycpu; do
		object "tests/vm/tools/$name.bpf.c" "$tmp/progs/$name.bpf.o" \
			-idirafter "/usr/include/$(clang -print-multiarch)"
	done
	object tests/vm/progs/values.bpf.c "$tmp/progs/values.bpf.o"
}

# machine TARGET: builds what the machine needs, boots it and checks its output.
machine() {
	local files=()
	prepare "$1"
	mkdir "$tmp/progs"
	objects
	program tests/vm/tools/work.c "${cc_flags[@]}"
	if [[ $arch == x86 ]]; then strip -o "$tmp/work.stripped" "$tmp/work"; else
		llvm-strip -o "$tmp/work.stripped" "$tmp/work"
	fi
	if [[ $arch == x86 ]]; then
		gcc "${cc_flags[@]}" tests/vm/tools/work.c -o "$tmp/work.dyn"
		files+=("$tmp/work.dyn" "/lib/x86_64-linux-gnu/libc.so.6:/lib/x86_64-linux-gnu/libc.so.6"
			"/lib64/ld-linux-x86-64.so.2:/lib64/ld-linux-x86-64.so.2")
	fi
	proves tests/vm/run --timeout 3600 --cpus 2 --modules null_blk "$1" tests/vm/tools/guest.sh \
		tests/vm/guest/lib.sh "$tmp"/{sonde,work,work.stripped,act,progs} "${files[@]}"
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, the newest Linux" { machine x86-new; }
@test "arm64, Linux 6.12" { extra && machine arm64-6.12; }

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# How the tools of the course show what they find: stacks with the names of functions, distributions,
# tables on a terminal. Each kernel boots once and proves all in tools/guest.sh; its TAP is checked
# here, and shown when something is not ok.

bats_require_minimum_version 1.8.0
load machine

root=$BATS_TEST_DIRNAME/../..
programs=(cpuprof offcpu memleak tcpconnect biotop biolat rwlat mallocsize sysbycomm kmallocsum bpfcalls
	execcount)

# A stack is followed by frame pointers, also of functions that call no other.
cc_flags=(-std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer
	-fno-optimize-sibling-calls)

# objects FOLDER BPF_ARCH: those that read registers are compiled for one architecture.
objects() {
	local name source
	for name in "${programs[@]}"; do
		source=$(echo progs/*/"$name.bpf.c")
		clang -target bpfel -O2 -g -mcpu=v2 "-D__TARGET_ARCH_$2" -Iprogs/include -Ibuild/include \
			-c "$source" -o "$1/$name.bpf.o"
	done
	clang -target bpfel -O2 -g -mcpu=v2 -Iprogs/include -Ibuild/include -c \
		tests/vm/tools/again.bpf.c -o "$1/again.bpf.o"
}

# machine TARGET: builds what it needs, boots it, and checks what it printed.
machine() {
	local target=$1 arch=${1%-*} compiler=musl-gcc out=build bpf_arch=x86
	local tmp=$BATS_TEST_TMPDIR make=(make -s) files=()
	cd "$root" || return
	tests/deps test
	mkdir -p build/test "$tmp/progs"
	if [[ $arch != x86 ]]; then
		tests/deps cross
		compiler=$(tests/sysroot "$arch")
		out=build/$arch
		make+=("ARCH=$arch")
		bpf_arch=$arch
	fi
	# Copies, so that nobody who builds meanwhile disturbs.
	{
		flock 9
		"${make[@]}" "$out/sonde"
		cp "$out/sonde" "$tmp/sonde"
		make -s build/include/bpf/bpf_helper_defs.h
		objects "$tmp/progs" "$bpf_arch"
	} 9>build/test/lock
	"$compiler" "${cc_flags[@]}" -static tests/vm/tools/work.c -o "$tmp/work"
	"$compiler" -std=c11 -D_GNU_SOURCE -Os -static tests/vm/guest/act.c -o "$tmp/act"
	if [[ $arch == x86 ]]; then strip -o "$tmp/work.stripped" "$tmp/work"; else
		llvm-strip -o "$tmp/work.stripped" "$tmp/work"
	fi
	if [[ $arch == x86 ]]; then
		gcc "${cc_flags[@]}" tests/vm/tools/work.c -o "$tmp/work.dyn"
		files+=("$tmp/work.dyn" "/lib/x86_64-linux-gnu/libc.so.6:/lib/x86_64-linux-gnu/libc.so.6"
			"/lib64/ld-linux-x86-64.so.2:/lib64/ld-linux-x86-64.so.2")
	fi
	run tests/vm/run --timeout 400 --cpus 2 --modules null_blk "$target" tests/vm/tools/guest.sh \
		tests/vm/guest/lib.sh "$tmp"/{sonde,work,work.stripped,act,progs} "${files[@]}"
	echo "$output"
	[ "$status" = 0 ]
	! grep -q '^not ok' <<<"$output"
	# All of them were done.
	[[ ${lines[-1]} == "1..$(grep -c '^ok' <<<"$output")" ]]
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, Linux 6.12" { machine x86-6.12; }
@test "x86-64, the newest Linux" { machine x86-new; }
@test "arm64, Linux 6.12" { machine arm64-6.12; }

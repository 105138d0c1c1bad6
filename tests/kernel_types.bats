#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# All types of the running kernel: the generated header compiles to the same sizes and offsets, and
# bpftool agrees. Compiling takes half a minute, so this is not part of `make check`.

load cli/lib

setup_file() {
	prepare
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	needs_types
}

@test "the kernel header preserves all sizes and member offsets" {
	same /sys/kernel/btf/vmlinux bpfel
	cmp vmlinux.h <("$sonde" btf c)
	clang-19 -std=c23 -target bpf -fsyntax-only -Wall -Werror vmlinux.h || ! command -v clang-19
}

@test "a program compiled against the kernel header runs" {
	"$sonde" btf c >vmlinux.h
	for name in hello opensnoop execs; do
		clang -target bpfel -O2 -g -mcpu=v2 -D__TARGET_ARCH_x86 -I. "-I$root/progs/include" \
			"-I$root/build/include" -c "$(echo "$root"/progs/*/$name.bpf.c)" -o "$name.o"
	done
	"$sonde" plan opensnoop.o >/dev/null
	compile_nothing
	needs_bpf
	cp opensnoop.o "$BATS_FILE_TMPDIR/against.o"
	observe "$BATS_FILE_TMPDIR/against.o"
	cat out err
	[[ $status == 0 ]]
	grep -E ' -2 ENOENT +missing$' out
}

@test "the types agree with bpftool" {
	"$sonde" btf list --json | python3 -c '
import json, sys
for t in map(json.loads, sys.stdin):
    print(t["id"], t["kind"].upper(), t.get("name", "(anon)"), len(t.get("members", [])))' >ours
	bpftool -j btf dump file /sys/kernel/btf/vmlinux | python3 -c '
import json, sys
for t in json.load(sys.stdin)["types"]:
    print(t["id"], t["kind"], t["name"], len(t.get("members", [])))' >theirs
	[[ $(wc -l <ours) -gt 10000 ]]
	diff ours theirs | head
	cmp ours theirs
}

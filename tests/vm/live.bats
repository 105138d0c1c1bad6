#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What lives in the kernel: prog, link, map, btf, ps and top, compared with bpftool on the same kernel. Each
# kernel boots once and runs guest/live.sh; its TAP is checked here. Before that, it runs the blocks of the pages
# that need rights (tests/pages), and, as process 1, what docs/deploy.md puts into an initramfs.

bats_require_minimum_version 1.8.0
load machine

# with_libraries PROGRAM…: prints the programs and the libraries they need, as arguments of tests/vm/run.
with_libraries() {
	printf '%s\n' "$@"
	ldd "$@" | grep -o '/lib[^ ]*' | sort -u | sed 's/.*/&:&/'
}

machine() {
	local files wrong objects=(build/vm/{attach,tc,misc,ops,sampling,xdp}.bpf.o)
	local progs=(build/course/c09_tcpfent.bpf.o)
	prepare "$1"
	locked progs "${progs[@]}"
	locked -f tests/vm/progs/Makefile "${objects[@]}"
	mkdir "$tmp/progs"
	cp build/progs/*.bpf.o "${progs[@]}" "${objects[@]}" "$tmp/progs"
	mapfile -t files < <(with_libraries "$(command -v bpftool)" "$(command -v jq)")
	tests/pages script "$1" >"$tmp/pages"
	sed -n '/^#!\/bin\/sh$/,/^exec/p' docs/deploy.md >"$tmp/early"
	chmod +x "$tmp/early"
	proves tests/vm/run --timeout 3600 --append rdinit=/early \
		--modules "veth sch_ingress cls_bpf cls_matchall act_bpf" "$1" tests/vm/guest/live.sh \
		tests/vm/guest/{lib,cable}.sh "$tmp"/{sonde,act,progs,pages,early} build/progs/execs.bpf.o "${files[@]}"
	wrong=$(tests/pages judge "$1" <<<"$output")
	echo "$wrong"
	[[ ! $wrong ]]
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, Linux 6.1" { extra && machine x86-6.1; }
@test "x86-64, the newest Linux" { machine x86-new; }

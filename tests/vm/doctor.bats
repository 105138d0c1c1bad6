#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde doctor predicts sonde run, on the oldest and the newest kernel, for some objects of the course (all with
# SONDE_ALL=1), and sonde test runs the files of cases beside XDP, tc and socket programs. Each kernel boots once
# and runs guest/doctor.sh; its TAP is checked here.

bats_require_minimum_version 1.8.0
load machine

machine() {
	local name cases some=(hello opensnoop xdppass cgskb vfstime tcpfent itertask lsmpath tcok usdt)
	prepare "$1"
	mkdir "$tmp/progs"
	[[ ! ${SONDE_ALL-} ]] || mapfile -t some < <(basename -s .bpf.c progs/[0-9]*/*.bpf.c)
	locked progs
	for name in "${some[@]}"; do cp "build/progs/$name.bpf.o" "$tmp/progs"; done
	locked -f tests/vm/progs/Makefile build/vm/{attach,tc}.bpf.o
	locked build/course/c{03_xdpgate,05_synguard,11_noping}.bpf.o
	mkdir "$tmp/trial"
	for cases in progs/*/*.test tests/course/*.test; do
		name=$(basename "$cases" .test)
		cp "$cases" "$tmp/trial"
		cp "build/progs/$name.bpf.o" "$tmp/trial" 2>/dev/null || cp "build/course/$name.bpf.o" "$tmp/trial"
	done
	proves tests/vm/run --timeout 3600 --modules "sch_ingress cls_bpf act_bpf cls_matchall" "$1" \
		tests/vm/guest/doctor.sh tests/vm/guest/lib.sh "$tmp"/{sonde,act,progs,trial} build/vm/{attach,tc}.bpf.o
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, the newest Linux" { machine x86-new; }

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Where programs attach, on real kernels: many functions at once and those of modules, targets that
# are told in several ways. Each kernel boots once and proves all in guest/attach.sh; its TAP is
# checked here, and shown when something is not ok.

bats_require_minimum_version 1.8.0
load machine

machine() {
	prepare "$1"
	local objects=(build/vm/{attach,foreign,ops,scx}.bpf.o)
	locked -f tests/vm/progs/Makefile "${objects[@]}"
	program tests/vm/guest/link.c -idirafter /usr/include \
		-idirafter "/usr/include/$(clang -print-multiarch)"
	# One processor: QEMU emulates code that is changed while another executes it unreliably, and
	# there are 40,000 places of it.
	proves tests/vm/run --timeout 3600 \
		--modules "veth sch_ingress cls_bpf dummy bridge" "$1" \
		tests/vm/guest/attach.sh tests/vm/guest/{lib,cable}.sh \
		"$tmp"/{sonde,act,link} "${objects[@]}"
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, Linux 6.12" { extra && machine x86-6.12; }
@test "x86-64, the newest Linux" { machine x86-new; }

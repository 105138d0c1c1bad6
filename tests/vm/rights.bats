#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Rights: the table of capabilities in docs/security.md, measured by dropping each, and the sandbox. Each
# kernel boots once and runs guest/rights.sh; the TAP is checked here.

bats_require_minimum_version 1.8.0
load machine

# rows COLUMN: the rows of the table for the guest, "HOOK|ARGUMENTS|CAPABILITIES|KEPT". Column COLUMN (3 or
# 4) has the capabilities for a kernel, and the second one after it those that are kept; "none" is none. An
# empty column means that the kernel lacks the hook.
rows() {
	awk -F' *[|] *' -v at=$(($1 + 1)) '
		/^## / { here = /Capabilities by hook/ }
		here && /^[|] `/ && $at != "" {
			gsub(/[`,]|none/, "")
			print $2 "|" $3 "|" $at "|" $(at + 2)
		}' docs/security.md
}

# machine TARGET COLUMN
machine() {
	prepare "$1"
	local objects=(build/vm/{xdp,ops,sockets,misc,route,scx}.bpf.o)
	locked progs
	locked -f tests/vm/progs/Makefile "${objects[@]}"
	rows "$2" >"$tmp/rights"
	[[ $(wc -l <"$tmp/rights") -gt 10 ]]
	mkdir "$tmp/progs"
	program tests/vm/guest/probed.c -O1 -no-pie
	object tests/vm/guest/probes.bpf.c "$tmp/progs/probes.bpf.o"
	cp build/progs/*.bpf.o "${objects[@]}" "$tmp/progs"
	proves tests/vm/run --timeout 3600 --append lsm=bpf --modules "veth sch_ingress cls_bpf" "$1" \
		tests/vm/guest/rights.sh tests/vm/guest/lib.sh "$tmp"/{sonde,act,probed,progs,rights}
}

@test "x86-64, Linux 5.10" { machine x86-5.10 3; }
@test "x86-64, the newest Linux" { machine x86-new 4; }

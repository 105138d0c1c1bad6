# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash
#
# Shared by network tests in virtual machines: objects, the tools of guest/, and one boot per script.

objects=({xdp,tc,cgroup,sockets,sockmap,sampling,route,pinned,misc}.bpf.o)
course=({c03_xdpgate,c05_synguard,c11_noping}.bpf.o)

# machine TARGET SCRIPT: builds what guest/SCRIPT needs, runs it in a machine and checks its output.
machine() {
	prepare "$1"
	locked "${course[@]/#/build/course$eb/}"
	locked -f tests/vm/progs/Makefile "${objects[@]/#/build/vm$eb/}"
	mkdir "$tmp/progs" "$tmp/course"
	cp "${objects[@]/#/build/vm$eb/}" "$tmp/progs"
	cp "${course[@]/#/build/course$eb/}" "$tmp/course"
	program tests/vm/guest/net.c
	proves tests/vm/run --cpus 2 --timeout 3600 --append "lsm=landlock,lockdown,yama,bpf" \
		--modules "veth sch_ingress cls_bpf cls_matchall act_bpf" "$1" "tests/vm/guest/$2" \
		tests/vm/guest/{lib,cable}.sh "$tmp"/{sonde,act,net,course,progs}
}

# These take a minute or more each under emulation: SONDE_ALL=1.
others() {
	[[ ${SONDE_ALL-} ]] || skip "takes a minute or more: SONDE_ALL=1"
	machine "$@"
}

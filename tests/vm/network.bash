# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash
#
# For tests of the network in machines: objects, the tools of guest/, and one boot for one script.

root=$BATS_TEST_DIRNAME/../..
objects=({xdp,tc,cgroup,sockets,sockmap,sampling,route,pinned,misc}.bpf.o)
course=({c03_xdpgate,c05_synguard,c11_noping}.bpf.o)

setup_file() {
	cd "$root"
	tests/deps test
	mkdir -p build/test
	locked all
}

locked() {
	flock build/test/lock make -s "$@"
}

# machine TARGET SCRIPT: builds what it needs, boots it for guest/SCRIPT, and checks what that printed.
machine() {
	local arch=${1%-*} compiler=musl-gcc out=build order='' c
	local progs=$BATS_TEST_TMPDIR/progs course_progs=$BATS_TEST_TMPDIR/course
	cd "$root"
	if [[ $arch != x86 ]]; then
		tests/deps cross
		compiler=$(tests/sysroot "$arch")
		out=build/$arch
		locked ARCH="$arch" "$out/sonde"
	fi
	[[ $arch != s390x ]] || order=/eb
	locked "${course[@]/#/build/course$order/}"
	locked -f tests/vm/progs/Makefile "${objects[@]/#/build/vm$order/}"
	mkdir "$progs" "$course_progs"
	cp "${objects[@]/#/build/vm$order/}" "$progs"
	cp "${course[@]/#/build/course$order/}" "$course_progs"
	for c in act net; do
		"$compiler" -std=c11 -D_GNU_SOURCE -Os -static tests/vm/guest/$c.c \
			-o "$BATS_TEST_TMPDIR/$c"
	done

	run tests/vm/run --cpus 2 --timeout 1200 --append "lsm=landlock,lockdown,yama,bpf" \
		--modules "veth sch_ingress cls_bpf cls_matchall act_bpf" "$1" "tests/vm/guest/$2" \
		tests/vm/guest/{lib,cable}.sh "$out/sonde" "$BATS_TEST_TMPDIR"/{act,net,course,progs}
	echo "$output"
	[ "$status" = 0 ]
	! grep -q '^not ok' <<<"$output"
	# All of them were done.
	[[ ${lines[-1]} == "1..$(grep -c '^ok' <<<"$output")" ]]
}

# Some minutes each under emulation: NET_TARGETS=all.
others() {
	[[ ${NET_TARGETS-} == all ]] || skip "takes minutes: NET_TARGETS=all"
	machine "$@"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The first programs of the course on real kernels, old and new, of both byte orders and word sizes.
# Each kernel boots once and runs guest/programs.sh; the TAP is checked here and shown on failure.

bats_require_minimum_version 1.8.0
load machine

# The text of `uname -m`.
declare -A machines=([x86]=x86_64 [arm64]=aarch64 [armhf]=armv7l [s390x]=s390x)

# elsewhere TARGET: saves a plan for the target that this machine makes, for one CPU and pages of 4096 bytes.
elsewhere() {
	local kernel
	kernel=$(tests/vm/fetch "$1")
	mkdir "$tmp/target"
	cp "$kernel/release" "$kernel/config" "$tmp/target"
	echo "${machines[$arch]}" >"$tmp/target/machine"
	[[ ${SONDE_BUILT-} ]] || locked build/sonde
	build/sonde plan --target "$tmp/target" -o "$tmp/progs/elsewhere.plan" "build/vm$eb/pages.bpf.o"
}

# emitted OBJECT…: programs of sonde emit-c, in c/, for this machine's architecture only.
emitted() {
	local object name
	mkdir "$tmp/c"
	for object; do
		name=$(basename "$object" .bpf.o)
		build/sonde emit-c "$object" -o "$tmp/$name.c"
		musl-gcc -static -s -O1 -std=c11 -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu \
			"$tmp/$name.c" -o "$tmp/c/$name"
	done
	cp build/course/c06_opentap.bpf.o "$tmp/progs"
}

# machine TARGET: builds what the machine needs, boots it and checks its output.
machine() {
	local objects
	prepare "$1"
	objects=("build/progs$eb/"{smoke,hello,execcount,opensnoop,opentap,slowopen}.bpf.o)
	locked "${objects[@]}" "build/course$eb/c16_execline.bpf.o"
	locked -f tests/vm/progs/Makefile "build/vm$eb/"{pages,contents}.bpf.o
	mkdir "$tmp/progs"
	cp "${objects[@]}" "build/vm$eb/"{pages,contents}.bpf.o "$tmp/progs"
	elsewhere "$1"
	cp "build/course$eb/c16_execline.bpf.o" "$tmp"
	local c=()
	if [[ $arch = x86 ]]; then
		locked build/course/c06_opentap.bpf.o
		emitted build/progs/{hello,execcount}.bpf.o build/course/c06_opentap.bpf.o
		c=("$tmp/c")
	fi
	proves tests/vm/run --bare --timeout 3600 "$1" tests/vm/guest/programs.sh \
		tests/vm/guest/lib.sh "$tmp"/{sonde,act,progs} "${c[@]}" \
		"$tmp/c16_execline.bpf.o:/course/c16_execline.bpf.o"
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, Linux 6.12" { extra && machine x86-6.12; }
@test "x86-64, the newest Linux" { machine x86-new; }
@test "arm64, Linux 6.12" { extra && machine arm64-6.12; }
@test "arm64, Linux 6.12, pages of 16K" { extra && machine arm64-16k; }
@test "armhf, Linux 6.12: 32 bits, no types" { extra && machine armhf-6.12; }
# rare TARGET: a few proofs on a machine that few have.
rare() {
	prepare "$1"
	locked build/progs/{hello,execcount,opensnoop}.bpf.o
	mkdir "$tmp/progs"
	cp build/progs/{hello,execcount,opensnoop}.bpf.o "$tmp/progs"
	proves tests/vm/run --timeout 3600 "$1" tests/vm/guest/rare.sh tests/vm/guest/lib.sh \
		"$tmp"/{sonde,act,progs}
}
@test "i386, Linux 6.1: 32 bits, no types, no sign-extending loads" { extra && rare i386-6.1; }
@test "ppc64le, Linux 6.12: pages of 64K" { extra && rare ppc64le-6.12; }
@test "s390x, Linux 6.12: big-endian" { machine s390x-6.12; }

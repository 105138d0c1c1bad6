# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash
#
# Shared by tests that boot virtual machines: build for an architecture, boot, and check the TAP output.
#
# The machines are emulated on hosts that may be busy: occasionally one stalls for seconds or crashes
# because of an emulation bug. A failed test is therefore repeated once in a new machine, and only fails
# if it fails again. A comment, "# again: TEST: what failed", records this; tests/run repeats it at the
# end.
export BATS_TEST_RETRIES=1

teardown() {
	[[ -z ${BATS_TEST_COMPLETED-} && ! ${BATS_TEST_SKIPPED-} ]] || return 0
	echo "# again: $BATS_TEST_DESCRIPTION: $(grep -m 4 -e '^not ok' -e ' FAIL ' -e '^run: ' -e '\] BUG: ' \
		-e 'Kernel panic' -e '\] RIP: ' <<<"${output-}" | tr '\n' ';' | cut -c 1-400)" >&3
}

root=$BATS_TEST_DIRNAME/../..

# locked ARGUMENT…: runs make, one at a time.
locked() {
	flock build/test/lock make -s "$@"
}

# available TARGET: downloads its kernel; skips the test if the archive does not provide it (now).
available() {
	local status=0 said
	said=$(tests/vm/fetch --all "$1" 2>&1) || status=$?
	((status != 3)) || skip "$1: ${said##*$'\n'}"
	((!status)) || echo "$said"
	return "$status"
}

# extra: for a machine that seldom shows what the others do not: a kernel between the oldest and the newest
# (the course runs on each), another 64-bit one (the course and uprobes run there).
extra() {
	[[ ${SONDE_ALL-} ]] || skip "seldom differs from the others: SONDE_ALL=1"
}

# compiler_of ARCH: into $compiler; skips the test if the archive does not provide its C library (now).
compiler_of() {
	local status=0 errors=$BATS_TEST_TMPDIR/sysroot-errors
	compiler=$(tests/sysroot "$1" 2>"$errors") || status=$?
	((status != 3)) || skip "$1: $(tail -n 1 "$errors")"
	((!status)) || cat "$errors"
	return "$status"
}

# prepare TARGET: builds sonde and act for the target and copies them to $tmp. Sets $arch (as in
# `targets`), $compiler, $order (byte order: el or eb) and $eb (the subdirectory of build/… with
# big-endian objects, or empty).
prepare() {
	arch=${1%-*} compiler=musl-gcc flags=() order=el eb='' tmp=$BATS_TEST_TMPDIR
	bpf_arch=$arch
	local out=build options=()
	cd "$root" || return
	[[ ${SONDE_BUILT-} ]] || tests/deps test
	available "$1"
	mkdir -p build/test
	if [[ $arch != x86 ]]; then
		tests/deps cross
		compiler_of "$arch"
		out=build/$arch
		options=("ARCH=$arch")
	fi
	case $arch in
	armhf)
		bpf_arch=arm
		flags=(-marm) # the kernel has no uprobes in Thumb code
		;;
	i386) bpf_arch=x86 ;;
	ppc64le) bpf_arch=powerpc ;;
	riscv64) bpf_arch=riscv ;;
	s390x) bpf_arch=s390 order=eb eb=/eb ;;
	esac
	{
		flock 9
		[[ ${SONDE_BUILT-} && $out == build ]] ||
			make -s "${options[@]}" "$out/sonde" build/include/bpf/bpf_helper_defs.h
		cp "$out/sonde" "$tmp/sonde"
	} 9>build/test/lock
	program tests/vm/guest/act.c
}

# program SOURCE FLAG…: compiles a static program for the machine into $tmp.
program() {
	local source=$1
	shift
	"$compiler" -std=c11 -D_GNU_SOURCE -Os "${flags[@]}" "$@" -static "$source" \
		-o "$tmp/$(basename "$source" .c)"
}

# object SOURCE OUT FLAG…: compiles a BPF object for the machine with $clang.
object() {
	local source=$1 out=$2
	shift 2
	"${clang-clang}" -target "bpf$order" -O2 -g -mcpu=v2 -Wall "-D__TARGET_ARCH_$bpf_arch" -Iprogs/include \
		-Ibuild/include "$@" -c "$source" -o "$out"
}

# proves COMMAND…: boots a machine; all results it prints must be ok, and the plan complete.
proves() {
	run -0 "$@"
	echo "$output"
	! grep -q '^not ok' <<<"$output" || return
	[[ ${lines[-1]} == "1..$(grep -c '^ok' <<<"$output")" ]]
}

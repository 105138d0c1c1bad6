# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash
#
# For tests that boot machines. What all of them do: build for an architecture, boot, and read the TAP
# that comes.
#
# Machines are emulated, on hosts that have other work, too: now and then
# one stands still for seconds, or dies of a fault of its emulation. So what fails is done once more,
# in a new machine, and has failed when it fails again. That it had to be is told: a comment
# "# again: TEST: what failed", which tests/run repeats at its end.
export BATS_TEST_RETRIES=1

teardown() {
	[[ -z ${BATS_TEST_COMPLETED-} && ! ${BATS_TEST_SKIPPED-} ]] || return 0
	echo "# again: $BATS_TEST_DESCRIPTION: $(grep -m 4 -e '^not ok' -e ' FAIL ' -e '^run: ' -e '\] BUG: ' \
		-e 'Kernel panic' -e '\] RIP: ' <<<"${output-}" | tr '\n' ';' | cut -c 1-400)" >&3
}

root=$BATS_TEST_DIRNAME/../..

# locked ARGUMENT…: make, as long as nobody else does.
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

# compiler_of ARCH: into $compiler; skips the test if the archive does not provide its C library (now).
compiler_of() {
	local status=0 errors=$BATS_TEST_TMPDIR/sysroot-errors
	compiler=$(tests/sysroot "$1" 2>"$errors") || status=$?
	((status != 3)) || skip "$1: $(tail -n 1 "$errors")"
	((!status)) || cat "$errors"
	return "$status"
}

# prepare TARGET: what a machine of its architecture takes. Into $tmp go copies of sonde and act. $arch
# as in `targets`, $compiler makes its programs, $order (el, eb) is its byte order, $eb the folder
# below build/… where objects of the other order are.
prepare() {
	arch=${1%-*} compiler=musl-gcc flags=() order=el eb='' tmp=$BATS_TEST_TMPDIR
	bpf_arch=$arch
	local out=build options=()
	cd "$root" || return
	tests/deps test
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
	riscv64) bpf_arch=riscv ;;
	s390x) bpf_arch=s390 order=eb eb=/eb ;;
	esac
	{
		flock 9
		make -s "${options[@]}" "$out/sonde" build/include/bpf/bpf_helper_defs.h
		cp "$out/sonde" "$tmp/sonde"
	} 9>build/test/lock
	program tests/vm/guest/act.c
}

# program SOURCE FLAG…: a static program for the machine, in $tmp.
program() {
	local source=$1
	shift
	"$compiler" -std=c11 -D_GNU_SOURCE -Os "${flags[@]}" "$@" -static "$source" \
		-o "$tmp/$(basename "$source" .c)"
}

# object SOURCE OUT FLAG…: an object for the kernel there, by $clang.
object() {
	local source=$1 out=$2
	shift 2
	"${clang-clang}" -target "bpf$order" -O2 -g -mcpu=v2 -Wall "-D__TARGET_ARCH_$bpf_arch" -Iprogs/include \
		-Ibuild/include "$@" -c "$source" -o "$out"
}

# proves COMMAND…: it boots a machine that says of all its proofs, to the last, that they are ok.
proves() {
	run -0 "$@"
	echo "$output"
	! grep -q '^not ok' <<<"$output" || return
	[[ ${lines[-1]} == "1..$(grep -c '^ok' <<<"$output")" ]]
}

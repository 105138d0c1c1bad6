#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Every program of the course, ours and those written by the course's text, behaves on real kernels as
# the course describes. Each kernel boots once, two at a time, and its output is compared with the
# expected results. tests/vm/course/boot repeats single proofs.
#
# The oldest and the newest kernel run all proofs, and 6.12 a third, with what it refuses. With SONDE_ALL=1,
# and in `make course`, five kernels run all of them.

bats_require_minimum_version 1.8.0
load machine

export boot=tests/vm/course/boot

setup_file() {
	cd "$root" || return
	tests/deps test
	mkdir -p build/test
	flock build/test/lock make -s build/sonde
	flock build/test/lock "$boot" --build "$BATS_FILE_TMPDIR/made"
	export COURSE_MADE=$BATS_FILE_TMPDIR/made
	printf '%s\n' x86-5.10 ${SONDE_ALL:+x86-6.1} x86-6.12 ${SONDE_ALL:+x86-6.18} x86-new |
		xargs -P 2 -I TARGET bash -c "$(declare -f proofs all_on); all_on TARGET"
}

# proofs TARGET: the names of the proofs that it runs; none: all.
proofs() {
	[[ ${SONDE_ALL-}$1 == x86-6.12 ]] || return 0
	sed -n 's/^row \([^ ;]*\).*/\1/p' tests/vm/course/parts/*.sh |
		awk -v target=",$1," '
			FNR == NR { if (index("," $2 ",", target)) refused[$1]; next }
			FNR % 3 == 1 || $1 in refused' tests/vm/course/absent -
}

# all_on TARGET: runs its proofs; the output goes to a file.
all_on() {
	local names
	mapfile -t names < <(proofs "$1")
	"$boot" "$1" "${names[@]}" >"$BATS_FILE_TMPDIR/$1" 2>&1 ||
		echo "exit status $?" >>"$BATS_FILE_TMPDIR/$1"
}

# Prints failures first and omits passed proofs.
machine() {
	local names
	cd "$root" || return
	available "$1"
	((BATS_TEST_TRY_NUMBER == 1)) || all_on "$1"
	mapfile -t names < <(proofs "$1")
	run tests/vm/course/judge "$1" "${names[@]}" <"$BATS_FILE_TMPDIR/$1"
	grep ' FAIL ' <<<"$output" || true
	grep -v -e '^ok ' -e '^absent ' "$BATS_FILE_TMPDIR/$1" || true
	[ "$status" = 0 ]
	! grep -q '^exit status' "$BATS_FILE_TMPDIR/$1"
}

# Only proofs that depend neither on system call numbers nor on kernel types.
other() {
	local arch=${1%-*} names name
	cd "$root" || return
	tests/deps cross
	available "$1"
	compiler_of "$arch"
	flock build/test/lock "$boot" --build "$BATS_TEST_TMPDIR/made" "$arch"
	names=$(sed -n 's/^row \([^ ]*\) .*/\1/p' tests/vm/course/parts/[67]-*.sh)
	# shellcheck disable=SC2086
	COURSE_MADE=$BATS_TEST_TMPDIR/made run "$boot" "$1" $names
	echo "$output"
	[ "$status" = 0 ]
	for name in $names; do grep -qx "ok $name" <<<"$output"; done
}

@test "every program has a proof" {
	cd "$root"
	for source in progs/*/*.bpf.c tests/course/*.bpf.c; do
		name=$(basename "$source" .bpf.c)
		[[ $name != boot ]] || continue # no lesson: vm/boot.bats
		grep -hq "^row $name " tests/vm/course/parts/*.sh || {
			echo "$source has none"
			false
		}
	done
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, Linux 6.1" { extra && machine x86-6.1; }
@test "x86-64, Linux 6.12" { machine x86-6.12; }
@test "x86-64, Linux 6.18" { extra && machine x86-6.18; }
@test "x86-64, the newest Linux" { machine x86-new; }
@test "arm64, Linux 6.12: user space, network" { other arm64-6.12; }
@test "armhf, Linux 6.12: user space, network" { other armhf-6.12; }
@test "riscv64, Linux 6.12: user space, network" { extra && other riscv64-6.12; }
@test "s390x, Linux 6.12: user space, network" { other s390x-6.12; }

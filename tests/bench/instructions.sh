# shellcheck shell=bash disable=SC2154 # set in lib.sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Section 4: instructions executed in user space, counted by valgrind. They hardly vary from run to
# run; the kernel's work on behalf of the process is not included.

# instructions COMMAND…: prints the count, or nothing if valgrind failed.
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
		sed -n 's/^==.*Collected : //p' | tail -n 1 || true
}

# instructions_row WHAT COMMAND…: prints the count as a multiple of $base, or sets $base if empty.
instructions_row() {
	local what=$1 count
	shift
	count=$(instructions "$@")
	if [[ ! $count ]]; then
		not_measured "$what" "valgrind could not run it"
		return
	fi
	[[ $base ]] || base=$count
	printf '%-58s %12d %8s\n' "$what" "$count" "$(ratio "$count" "$base")"
}

# Events of other processes must not count: only_pid is set to a pid that no process has.
instructions_of_run() {
	local program options
	for program in execcount opensnoop; do
		base=""
		options=()
		[[ $program != opensnoop ]] || options=(--set only_pid=2147483647)
		instructions_row "run $program --for 1ms" "$stage/sonde" run --for 1ms --no-sandbox \
			"$stage/$program.bpf.o" "${options[@]}"
		[[ ! -e $stage/peer-load.musl ]] ||
			instructions_row "  libbpf, musl: load, attach, exit" \
				"$stage/peer-load.musl" "$stage/$program.bpf.o"
		instructions_row "  libbpf, glibc: the same" "$stage/peer-load.glibc" \
			"$stage/$program.bpf.o"
		[[ ! $bpftool ]] ||
			instructions_row "  bpftool prog loadall … autoattach" "$bpftool" prog \
				loadall "$stage/$program.bpf.o" "$work/bpf/v.$program" autoattach
	done
}

section_instructions() {
	local base=
	title "4. INSTRUCTIONS in user space"
	if ! command -v valgrind >/dev/null; then
		not_measured instructions "no valgrind"
		return
	fi
	printf '%-58s %12s %8s\n' "" count "x sonde"
	instructions_row "start: sonde --version" "$stage/sonde" --version
	instructions_row "  an empty program, static, musl" "$out/empty"
	[[ ! $bpftool ]] || instructions_row "  bpftool version" "$bpftool" version
	base=
	instructions_row "plan hello (no CO-RE), printed" "$stage/sonde" plan "$stage/hello.bpf.o"
	base=
	instructions_row "plan opensnoop (CO-RE with this kernel's types)" "$stage/sonde" plan \
		"$stage/opensnoop.bpf.o"
	if can_load; then
		instructions_of_run
	else
		not_measured "run" "needs root"
	fi
}

# shellcheck shell=bash disable=SC2154 # set in lib.sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Section 7: the time until everything is attached, of sonde and of a minimal program on libbpf in turn.

READY_ROUNDS=${READY_ROUNDS-31}

# ready_row WHAT GOAL OBJECT SONDE-OPTION… -- PEER-ARGUMENT…
ready_row() {
	local what=$1 goal=$2 object=$3 options=() sonde spread theirs wide
	shift 3
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift
	if ! read -r sonde spread theirs wide < <("$out/ready" "$READY_ROUNDS" "$stage/sonde" run "$object" \
		"${options[@]}" --ready-fd 9 -- "$peer" "$object" 9 "$@" 2>"$work/err"); then
		not_measured "$what" "$(tail -n 1 "$work/err")"
		return
	fi
	printf '%-28s %9d ±%-6d %9d ±%-6d %8s %8s\n' "$what" "$sonde" $((spread / 2)) "$theirs" \
		$((wide / 2)) "$(ratio "$theirs" "$sonde")" "$goal"
}

section_ready() {
	local n
	title "7. TIME until everything is attached, us (median of $READY_ROUNDS rounds in turn, half of the middle half)"
	if ! can_load || [[ ! $peer ]]; then
		not_measured "time" "needs root and libbpf"
		return
	fi
	growth_types
	printf '%-28s %17s %17s %8s %8s\n' "" sonde "libbpf, musl" "faster x" "goal x"
	ready_row hello 1.6 "$stage/hello.bpf.o" --
	ready_row execcount - "$stage/execcount.bpf.o" --
	ready_row opensnoop 4 "$stage/opensnoop.bpf.o" --set only_pid=2147483647 --
	for n in 100 1000; do
		growth_object relocations "$n"
		ready_row "$n relocations" $((n == 100 ? 12 : 6)) "$work/relocations-$n.bpf.o" --btf "$work/types/btf" \
			-- "$work/types/btf"
	done
	echo "The types of the last two are 126,000 generated ones, in a file."
}

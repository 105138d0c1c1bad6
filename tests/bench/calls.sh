# shellcheck shell=bash disable=SC2154 # set in lib.sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Section 2: system calls that sonde and its peers make until everything is attached.

# traced NAME COMMAND…: traces COMMAND to $work/NAME.trace until it reports on descriptor 9 that it
# is ready.
traced() {
	local name=$1
	shift
	begin /dev/null strace -I 2 -f -o "$work/$name.trace" "$@" || return
	end
}

# count_calls NAME: prints "COMMAND COUNT" for each bpf(2) command of a trace, and the totals .all
# (system calls), .bpf, .refused (bpf(2) calls that failed) and .viewer (those that capture
# bpf_printk and are not part of the plan, recognised by the name of sonde or of the tracepoint).
count_calls() {
	awk '
		/ write\(9, "\\n", 1\)/ { exit }
		/^[0-9]+ +[a-z_0-9]+\(/ { count[".all"]++ }
		/^[0-9]+ +bpf\(BPF_/ {
			command = $0
			sub(/^[^(]*\(BPF_/, "", command)
			sub(/,.*/, "", command)
			count[command]++
			count[".bpf"]++
			if (/ = -1 /)
				count[".refused"]++
			if (/name="sonde|"bpf_trace_printk"|BPF_ENABLE_STATS|bpf_fd=-1/)
				count[".viewer"]++
		}
		END { for (name in count) print name, count[name] }' "$work/$1.trace"
}

# trace_all PROGRAM: makes the three traces and counts them in $work/PROGRAM.{sonde,libbpf,bpftool}
trace_all() {
	local object=$stage/$1.bpf.o name
	traced "$1.sonde" "$stage/sonde" run "$object" --ready-fd 9
	traced "$1.libbpf" "$peer" "$object" 9
	: >"$work/$1.bpftool.trace"
	[[ ! $bpftool ]] || strace -f -o "$work/$1.bpftool.trace" "$bpftool" prog loadall "$object" \
		"$work/bpf/$1" autoattach 2>"$work/err" || say "bpftool: $(tail -n 1 "$work/err")"
	rm -rf "${work:?}/bpf/$1"
	for name in sonde libbpf bpftool; do
		count_calls "$1.$name" >"$work/$1.$name"
	done
}

# count_of FILE NAME
count_of() {
	awk -v name="$2" '$1 == name { n = $2 } END { print n + 0 }' "$work/$1"
}

# calls_row LABEL NAME
calls_row() {
	local program
	printf '%-22s' "$1"
	for program in "${programs[@]}"; do
		printf ' %5s %6s %5s' "$(count_of "$program.sonde" "$2")" \
			"$(count_of "$program.libbpf" "$2")" "$(count_of "$program.bpftool" "$2")"
	done | sed 's/ 0\b/ ./g'
	echo
}

# steps_of PROGRAM [PATTERN]: the number of steps that are not fallbacks.
steps_of() {
	"$stage/sonde" plan --json "$stage/$1.bpf.o" | grep -v '"instead_of"' | grep -c "${2-}"
}

# No probing: the run makes no more bpf(2) calls than the plan lists.
check_calls() {
	local program bpf viewer steps verdict
	for program in "${programs[@]}"; do
		bpf=$(count_of "$program.sonde" .bpf)
		viewer=$(count_of "$program.sonde" .viewer)
		steps=$(steps_of "$program" '"call":"bpf(')
		verdict=ok
		((bpf - viewer <= steps && bpf > 0)) || verdict="more than the plan lists"
		check "$program: $((bpf - viewer)) bpf(2) calls for $steps steps," \
			"$viewer to show what they report" "$verdict"
	done
}

section_calls() {
	local program command
	title "2. SYSTEM CALLS until everything is attached"
	if ! can_load; then
		not_measured "system calls" "needs root"
		return
	fi
	printf '%-22s' ""
	for program in "${programs[@]}"; do
		trace_all "$program"
		printf ' %18s' "$program      "
	done
	printf '\n%-22s' "bpf(2), by command"
	for program in "${programs[@]}"; do printf ' sonde libbpf  tool'; done
	echo
	while read -r command; do
		calls_row "$command" "$command"
	done < <(cat "$work"/*.{sonde,libbpf,bpftool} | awk '!/^\./ { print $1 }' | sort -u)
	calls_row "all bpf(2)" .bpf
	calls_row "  of these failed" .refused
	calls_row "all system calls" .all
	printf '%-22s' "steps of sonde's plan"
	for program in "${programs[@]}"; do printf ' %5d %12s' "$(steps_of "$program")" ""; done
	echo
	echo "tool: bpftool prog loadall … autoattach, until it exits."
	check_calls
}

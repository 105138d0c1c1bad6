# shellcheck shell=bash disable=SC2154 # what lib.sh sets
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Section 2: the system calls that are made until all is attached, by sonde and by its peers.

# traced NAME COMMAND…: the calls go to $work/NAME.trace; the command says on descriptor 9 that it
# is ready.
traced() {
	local name=$1
	shift
	begin /dev/null strace -I 2 -f -o "$work/$name.trace" "$@" || return
	end
}

# Lines "COMMAND COUNT" out of a trace: the bpf(2) commands, and in capitals no command can have:
# .all calls, .bpf calls, .refused bpf calls, .viewer those that show the lines of bpf_printk, which
# are no part of the plan: all that they make carries sonde's name or that of the tracepoint.
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
			if (/name="sonde|"bpf_trace_printk"/)
				count[".viewer"]++
		}
		END { for (name in count) print name, count[name] }' "$work/$1.trace"
}

# trace_all PROGRAM: three traces, and what became of them in $work/PROGRAM.{sonde,libbpf,bpftool}
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

# steps_of PROGRAM [PATTERN]: steps that are no stand-ins for others.
steps_of() {
	"$stage/sonde" plan --json "$stage/$1.bpf.o" | grep -v '"instead_of"' | grep -c "${2-}"
}

# No probing: the live run makes no bpf(2) call that the plan does not show.
check_calls() {
	local program bpf viewer steps verdict
	for program in "${programs[@]}"; do
		bpf=$(count_of "$program.sonde" .bpf)
		viewer=$(count_of "$program.sonde" .viewer)
		steps=$(steps_of "$program" '"call":"bpf(')
		verdict=ok
		((bpf - viewer <= steps && bpf > 0)) || verdict="more than the plan lists"
		check "$program: $((bpf - viewer)) bpf(2) calls for $steps steps," \
			"$viewer to show bpf_printk" "$verdict"
	done
}

section_calls() {
	local program command
	title "2. SYSTEM CALLS until everything is attached"
	if ! can_load; then
		not_measured "system calls" "needs root"
		return
	fi
	peer=$stage/peer-load.glibc
	[[ ! -e $stage/peer-load.musl ]] || peer=$stage/peer-load.musl
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

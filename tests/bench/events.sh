# shellcheck shell=bash disable=SC2154 # set in lib.sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Section 5: ring buffer records. While a process opens a file many times, opensnoop is run by sonde
# and by a program that uses libbpf. Measured are the records lost because the buffer was full, and
# the CPU time per record shown.

events_count=200000
events_rounds=3

# spent: CPU time of $pid in nanoseconds
spent() {
	cut -d' ' -f1 "/proc/$pid/schedstat"
}

# Waits until the consumer has caught up, that is, uses no more CPU time.
wait_idle() {
	local before='' now
	now=$(spent)
	until [[ $now == "$before" ]]; do
		sleep 0.2
		before=$now now=$(spent)
	done
}

# lost_records: reads opensnoop's own counter, its only per-CPU map, for either consumer.
lost_records() {
	local id
	id=$(grep -l '^map_type:[[:space:]]6$' "/proc/$pid/fdinfo"/* | head -n 1 |
		xargs sed -n 's/^map_id:[[:space:]]*//p')
	"$bpftool" map dump id "$id" -j | grep -o '"value":[0-9]*' | awk -F: '{ n += $2 } END { print n + 0 }'
}

# consume CONSUMER BATCH OUTPUT: prints "LOST NANOSECONDS".
consume() {
	local opener before
	rm -f "$work/go"
	mkfifo "$work/go"
	"$out/opener" "$events_count" "$2" <"$work/go" &
	opener=$!
	exec {go}>"$work/go"
	if [[ $1 == sonde ]]; then
		begin "$3" "$stage/sonde" run "$stage/opensnoop.bpf.o" --set "only_pid=$opener" \
			--ready-fd 9
	else
		begin "$3" "$out/peer-events" "$stage/opensnoop.bpf.o" "$opener" 9
	fi
	before=$(spent)
	echo >&"$go"
	exec {go}>&-
	wait "$opener"
	wait_idle
	echo "$(lost_records) $(($(spent) - before))"
	end
}

# best CONSUMER: prints the mean loss and the least time per record of all rounds in $work/CONSUMER.
best() {
	awk -v n="$events_count" '
		{ lost += $1; cost = n > $1 ? $2 / (n - $1) : 0 }
		NR == 1 || cost < least { least = cost }
		END { printf "%.1f%% %.0f\n", 100 * lost / n / NR, least }' "$work/$1"
}

# events_rows WHAT BATCH: alternates the consumers, so that other load affects both.
events_rows() {
	local round consumer lost cost base=
	rm -f "$work"/{sonde,libbpf}
	for ((round = 0; round < events_rounds; round++)); do
		for consumer in sonde libbpf; do
			consume "$consumer" "$2" /dev/null >>"$work/$consumer"
		done
	done
	for consumer in sonde libbpf; do
		read -r lost cost < <(best "$consumer")
		[[ $base ]] || base=$cost
		printf '%-46s %-9s %10s %10s\n' "$1" "$consumer" "$lost" "$(ratio "$cost" "$base")"
	done
}

# Every record is either shown or counted as lost.
check_shown() {
	local lost shown verdict=ok
	read -r lost _ < <(consume sonde 500 "$work/shown")
	shown=$(grep -c '/dev/null$' "$work/shown")
	((shown + lost == events_count)) || verdict="records are missing"
	check "$events_count records: $shown shown, $lost lost" "$verdict"
}

section_events() {
	title "5. EVENTS: $events_count records of opensnoop, to /dev/null"
	if ! can_load || [[ ! $bpftool ]]; then
		not_measured events "needs root and bpftool"
		return
	fi
	printf '%-46s %-9s %10s %10s\n' "" "" lost "time/record"
	events_rows "in batches of 500, 2 ms apart" 500
	events_rows "as fast as one process can open" 0
	check_shown
}

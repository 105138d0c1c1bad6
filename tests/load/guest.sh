# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# sonde under load: what was produced is what was shown plus what was reported lost. The line before this
# script sets $seconds, how long each proof floods.
# shellcheck source=/dev/null
. /lib.sh

# sum REGEX FILE: the sum of the numbers that follow the regular expression.
sum() {
	sed -n "s/.*$1\([0-9]*\).*/\1/p" "$2" | awk '{ n += $1 } END { printf "%.0f\n", n }'
}

# totals KIND: shown and lost records of a source in /tmp/out, and what was sent, from /tmp/sent.
totals() {
	shown=$(grep -c "$1" /tmp/out)
	lost=$(grep "\"of\":\"$2\"" /tmp/out | sum '"lost":' /dev/stdin)
	sent=$(tr '[' '\n' </tmp/sent | tr ',]' '\n\n' | grep -E '^[0-9]+$' | awk '{ n += $1 } END { printf "%.0f\n", n }')
	echo "# $2: $sent sent, $shown shown, $lost lost"
	[ "$sent" -gt 1000 ]
	[ "$sent" = $((shown + lost)) ]
}

# floods PROGRAM REGEX SOURCE KIND ARGUMENT…: every record that the program sends is shown or lost.
floods() {
	program=$1 regex=$2 source=$3 kind=$4
	shift 4
	/sonde load /flood.bpf.o --only "$program" >/dev/null 2>&1
	begin /flood.bpf.o --only "$program" --json "$@"
	/flood "$seconds" 2
	id=$(/act bpf | sed -n 's/^map \([0-9]*\) sent$/\1/p')
	/sonde map get "$id" "$kind" --json >/tmp/sent
	end
	totals "$regex" "$source"
}

# The viewer is stopped for a while: everything that the buffers do not hold is lost, and counted.
stopped() {
	(
		usleep 300000
		kill -STOP "$(cat /tmp/pid)"
		sleep 1
		kill -CONT "$(cat /tmp/pid)"
	) &
	floods "$@"
	[ "$lost" -gt 0 ]
}

# A reader of 1 KB/s holds sonde up, which neither grows nor loses count.
slow_reader() {
	mkfifo /tmp/pipe
	rm -f /tmp/ready
	mkfifo /tmp/ready
	/flood slow 1024 </tmp/pipe >/tmp/slow &
	reader=$!
	/act default /sonde run /flood.bpf.o --only by_ring --json --ready-fd 3 >/tmp/pipe 2>/tmp/err 3>/tmp/ready &
	sonde=$!
	echo $sonde >/tmp/pid
	read -r _ </tmp/ready
	/flood "$seconds" 1
	[ "$(awk '/^VmRSS/ { print $2 }' /proc/$sonde/status)" -lt 4096 ]
	kill $reader
	wait $reader || true
	# Its reader is gone, which ends it without an error.
	wait $sonde
	rm /tmp/pid /tmp/pipe
}

full_disk() {
	mkdir /tmp/small
	mount -t tmpfs -o size=64k none /tmp/small
	rm -f /tmp/ready
	/act default /sonde run /flood.bpf.o --only by_ring --json >/tmp/small/out 2>/tmp/err &
	sonde=$!
	echo $sonde >/tmp/pid
	sleep 1
	/flood 1 1
	status=0
	wait $sonde || status=$?
	rm /tmp/pid
	umount /tmp/small
	rmdir /tmp/small
	[ $status = 1 ]
	grep -q '^sonde: .*ENOSPC' /tmp/err
}

# Every execve is counted.
execs() {
	begin /execcount.bpf.o --json --every 1h
	/act exec 1234 $((seconds * 100)) /bin/true >/dev/null
	end
	grep -q "\"key\":1234,\"value\":$((seconds * 100))}" /tmp/out
}

# The clock is set back and forth while tables are shown every 200 ms.
clock_jumps() {
	begin /execcount.bpf.o --json --every 200ms
	now=$(date +%s)
	for jump in 100000 -100000 1000000 -1000000 0; do
		date -s "@$((now + jump))" >/dev/null
		usleep 300000
	done
	end
	snapshots=$(grep -c '"snapshot"' /tmp/out)
	[ "$snapshots" -ge 3 ]
	[ "$snapshots" -le 60 ]
}

cycles() {
	i=0
	while [ $i -lt $((seconds * 5)) ]; do
		/sonde run /execcount.bpf.o --for 1ms >/dev/null 2>&1 || return
		i=$((i + 1))
	done
}

proof "ring buffer" floods by_ring '^{"map":"ring"' ring 0
proof "ring buffer, the viewer is stopped" stopped by_ring '^{"map":"ring"' ring 0
proof "perf buffer" floods by_perf '^{"map":"perf"' perf 1
proof "perf buffer, the viewer is stopped" stopped by_perf '^{"map":"perf"' perf 1
if [ "$VM_TARGET" != x86-5.10 ]; then
	proof "bpf_printk" floods by_printk '^{"program":"by_printk"' bpf_printk 2
	proof "bpf_printk, the viewer is stopped" stopped by_printk '^{"program":"by_printk"' bpf_printk 2
fi
proof "a reader of 1 KB/s" slow_reader
proof "a full disk" full_disk
proof "execcount" execs
proof "the clock jumps" clock_jumps
proof "many runs" cycles
echo "1..$number"

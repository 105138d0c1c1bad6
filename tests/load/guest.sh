# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# sonde under load: what was produced is what was shown plus what was reported lost. The lines before
# this script set $seconds, how long each proof floods, and $only, a word of the titles of the proofs to try.
# shellcheck source=/dev/null
. /lib.sh

# The same program under a name whose system calls are no records.
cp /flood /reader

# sum REGEX FILE: the sum of the numbers that follow the regular expression.
sum() {
	sed -n "s/.*$1\([0-9]*\).*/\1/p" "$2" | awk '{ n += $1 } END { printf "%.0f\n", n }'
}

# totals KIND: shown and lost records of a source, from /tmp/count and /tmp/out, and what was sent, from
# /tmp/sent.
totals() {
	shown=$(cat /tmp/count)
	lost=$(grep "\"of\":\"$1\"" /tmp/out | sum '"lost":' /dev/stdin)
	sent=$(tr '[' '\n' </tmp/sent | tr ',]' '\n\n' | grep -E '^[0-9]+$' | awk '{ n += $1 } END { printf "%.0f\n", n }')
	echo "# $1: $sent sent, $shown shown, $lost lost in $seconds s"
	[ "$sent" -gt 1000 ]
	[ "$sent" = $((shown + lost)) ]
}

# floods PROGRAM START SOURCE KIND: every record that the program sends is shown, in a line that begins with
# START, or lost.
floods() {
	program=$1 start=$2 source=$3 kind=$4
	rm -f /tmp/ready /tmp/pipe
	mkfifo /tmp/ready /tmp/pipe
	/reader count "$start" </tmp/pipe >/tmp/out 2>/tmp/count &
	counter=$!
	/act default /sonde run /flood.bpf.o --only "$program" --json --ready-fd 3 >/tmp/pipe 2>/tmp/err 3>/tmp/ready &
	sonde=$!
	echo $sonde >/tmp/pid
	read -r _ </tmp/ready
	/flood "$seconds" 2
	id=$(/act bpf | sed -n 's/^map \([0-9]*\) sent$/\1/p')
	/sonde map get "$id" "$kind" --json >/tmp/sent
	end
	wait $counter
	rm /tmp/ready /tmp/pipe
	totals "$source"
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
	/reader slow 1024 </tmp/pipe >/tmp/slow &
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

# flapping: one of two CPUs is always off.
flapping() {
	cpu=/sys/devices/system/cpu/cpu
	while :; do
		echo 0 >${cpu}3/online
		usleep 200000
		echo 1 >${cpu}3/online
		echo 0 >${cpu}2/online
		usleep 200000
		echo 1 >${cpu}2/online
	done
}

# CPUs come and go while perf buffers, which are per CPU, are full of records.
cpus() {
	flapping &
	flaps=$!
	trap 'kill $flaps; sleep 1; for cpu in 2 3; do echo 1 >/sys/devices/system/cpu/cpu$cpu/online; done' EXIT
	"$@"
}

# One process attaches and detaches; nothing grows.
cycles() {
	/cycles $((seconds * 5 + 50)) /execcount.bpf.o /flood.bpf.o
}

processes() {
	i=0
	while [ $i -lt $((seconds * 5)) ]; do
		/sonde run /execcount.bpf.o --for 1ms >/dev/null 2>&1 || return
		i=$((i + 1))
	done
}

# tried TITLE COMMAND…: a proof, if its title contains $only.
# (Not in a condition, in which set -e has no effect.)
tried() {
	case $1 in *"$only"*) ;; *) return ;; esac
	proof "$@"
}

# told TITLE COMMAND…: the same, and its figures are printed in any case.
told() {
	case $1 in *"$only"*) ;; *) return ;; esac
	proof "$@"
	grep -E '^# |cycles: ' /tmp/log | sed 's/^\(# \)*/# /'
}

told "ring buffer" floods by_ring '{"map":"ring"' ring 0
told "ring buffer, the viewer is stopped" stopped by_ring '{"map":"ring"' ring 0
told "perf buffer" floods by_perf '{"map":"perf"' perf 1
told "perf buffer, the viewer is stopped" stopped by_perf '{"map":"perf"' perf 1
if [ "$VM_TARGET" != x86-5.10 ]; then
	told "bpf_printk" floods by_printk '{"program":"by_printk"' bpf_printk 2
	told "bpf_printk, the viewer is stopped" stopped by_printk '{"program":"by_printk"' bpf_printk 2
fi
tried "a reader of 1 KB/s" slow_reader
tried "a full disk" full_disk
tried "execcount" execs
tried "the clock jumps" clock_jumps
told "perf buffer, CPUs come and go" cpus floods by_perf '{"map":"perf"' perf 1
tried "many runs" processes
told "many runs in one process" cycles
echo "1..$number"

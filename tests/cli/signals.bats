#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Any terminating signal ends sonde cleanly and within a second.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2217

load lib

setup_file() {
	prepare
	compile_nothing
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	needs_bpf
}

teardown() {
	[[ ! ${pid-} ]] || kill -KILL "$pid" 2>/dev/null || true
}

# begin ARGUMENT…: starts sonde run in the background with default signals (bash ignores SIGINT for
# background jobs), and returns when it is attached.
begin() {
	mkfifo ready
	env --default-signal=INT,QUIT,HUP "$sonde" run "$@" --ready-fd 9 9>ready 2>errors 3>&- &
	pid=$!
	timeout 60 head -n 1 ready
	rm ready
}

# ended: waits for the end, for at most a minute, and leaves the exit status in $status.
ended() {
	timeout 60 tail --pid="$pid" -f /dev/null
	status=0
	wait "$pid" || status=$?
	pid=
}

@test "Ctrl-C, SIGTERM and SIGHUP end a run with status 0" {
	for signal in INT TERM HUP; do
		begin "$progs/opensnoop.bpf.o" >output
		kill -"$signal" "$pid"
		ended
		[[ $status = 0 && $(cat errors) != *sonde:* ]]
	done
}

@test "other signals also end it cleanly, and set its status" {
	signals=(QUIT USR1 USR2 ALRM XCPU VTALRM PROF RTMIN+3)
	[[ ! ${SONDE_SAMPLE-} ]] || signals=(QUIT RTMIN+3)
	for signal in "${signals[@]}"; do
		begin "$progs/opensnoop.bpf.o" >output
		kill -"$signal" "$pid"
		ended
		echo "$signal: $status"
		[[ $status -gt 128 ]]
		# The table head was written: the output was flushed.
		grep -q '^PID ' output
	done
}

@test "ignored signals stay ignored" {
	begin "$progs/opensnoop.bpf.o" >output
	kill -TERM "$pid"
	ended
	mkfifo ready
	env --ignore-signal=HUP,USR1 "$sonde" run "$progs/opensnoop.bpf.o" --ready-fd 9 9>ready \
		>output 2>errors 3>&- &
	pid=$!
	timeout 60 head -n 1 ready
	kill -HUP "$pid"
	kill -USR1 "$pid"
	sleep 1
	kill -0 "$pid"
	kill -TERM "$pid"
	ended
	[[ $status = 0 ]]
}

@test "a stopped reader does not keep it from ending" {
	mkfifo pipe
	sleep 300 <pipe 3>&- &
	reader=$!
	begin "$progs/opensnoop.bpf.o" --json >pipe
	# More records than fit into the pipe.
	for _ in $(seq 1200); do : <"$BATS_TEST_FILENAME"; done
	sleep 1
	kill -INT "$pid"
	ended
	kill "$reader"
	[[ $status = 1 ]]
	grep -q '^sonde: write to stdout: interrupted; output was lost$' errors
}

@test "a reader that exits after a slow table is not an error" {
	run -0 bash -c '"$0" run "$1" --every 200ms --for 30s 2>/dev/null | head -n 3; exit "${PIPESTATUS[0]}"' \
		"$sonde" "$progs/execcount.bpf.o"
}

@test "a signal during loading: nothing remains" {
	[[ $EUID = 0 ]] || skip "not root: no pins"
	mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
	pins=/sys/fs/bpf/signals_$$
	interrupted=0
	times=40
	[[ ! ${SONDE_SAMPLE-} ]] || times=8
	for i in $(seq "$times"); do
		env --default-signal=INT "$sonde" load "$progs/opensnoop.bpf.o" --pin "$pins" \
			>output 2>errors 3>&- &
		pid=$!
		sleep "0.00$((i % 10))"
		kill -INT "$pid" 2>/dev/null || true
		ended
		if [[ $status = 0 ]]; then
			rm -r "$pins"
		else
			interrupted=$((interrupted + 1))
			[[ ! -e $pins ]]
			grep -q 'interrupted by a signal' errors || [[ $status = 130 ]]
		fi
	done
	echo "$interrupted interrupted"
}

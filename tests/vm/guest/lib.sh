# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Shared by test scripts that run in virtual machines. They print TAP.

mkdir -p /tmp
number=0

# Lists everything that sonde could leave behind.
state() {
	/act ids
	[ ! -e /proc/mounts ] || cat /proc/mounts
}

# Programs and maps are freed some time after their last descriptor is closed.
nothing_left() {
	tries=0
	until state >/tmp/after && cmp -s /tmp/before /tmp/after; do
		tries=$((tries + 1))
		if [ $tries -gt 1200 ]; then
			echo "left behind:"
			diff /tmp/before /tmp/after
			/act bpf
			return 1
		fi
		usleep 100000
	done
}

# proof TITLE COMMAND…: runs the command with set -e in a subshell; nothing of sonde may be left
# afterwards. Its trace is printed only on failure.
proof() {
	title=$1
	shift
	number=$((number + 1))
	rm -f /tmp/pid
	state >/tmp/before
	(
		set -ex
		"$@"
	) >/tmp/log 2>&1
	good=$?
	[ ! -e /tmp/pid ] || kill -9 "$(cat /tmp/pid)" 2>/dev/null
	nothing_left >>/tmp/log 2>&1 || good=1
	if [ $good = 0 ]; then
		echo "ok $number - $title"
	else
		echo "not ok $number - $title"
		tail -n 40 /tmp/log | sed 's/^/# /'
		for file in out err; do
			[ ! -s /tmp/$file ] || sed "s/^/# $file: /; 30q" /tmp/$file
		done
	fi
}

# begin ARGUMENT…: starts `sonde run` (through $through, if set) and returns once everything is attached.
# Its output goes to /tmp/out and /tmp/err. Runs it through `act default`, because a shell starts
# background commands with SIGINT ignored and sonde leaves ignored signals ignored.
begin() {
	rm -f /tmp/ready /tmp/out /tmp/err
	mkfifo /tmp/ready
	# shellcheck disable=SC2086
	/act default ${through-} /sonde run "$@" --ready-fd 3 >/tmp/out 2>/tmp/err 3>/tmp/ready &
	sonde=$!
	echo $sonde >/tmp/pid
	read -r _ </tmp/ready
}

# end [SIGNAL]: terminates it and returns its exit status.
end() {
	kill "-${1:-INT}" "$sonde"
	wait "$sonde" || return
	rm /tmp/pid
}

# start PROGRAM…: starts a program that waits for a line on stdin, which let_go writes. Its pid is $pid,
# its output /tmp/said.
start() {
	rm -f /tmp/go
	mkfifo /tmp/go
	"$@" <>/tmp/go >/tmp/said &
	pid=$!
}

let_go() {
	echo >/tmp/go
	wait "$pid"
}

# refused COMMAND…: the command fails with status 1, one line of error and at most one hint, which are
# left in /tmp/err after any notes.
refused() {
	status=0
	"$@" >/tmp/out 2>/tmp/err || status=$?
	[ $status = 1 ]
	[ ! -s /tmp/out ]
	grep -q '^sonde: ' /tmp/err
	[ "$(grep -vcE '^(hint|note): ' /tmp/err)" = 1 ]
	[ "$(grep -c '^hint: ' /tmp/err)" -le 1 ]
}

# soon COMMAND…: the command succeeds within minutes; a busy host may stall a machine for long.
soon() {
	tries=0
	set +x
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 3000 ] || break
		usleep 100000
	done
	set -x
	[ $tries -lt 3000 ]
}

# lines FILE REGEX: the number of matching lines.
lines() {
	grep -cE "$2" "$1" || true
}

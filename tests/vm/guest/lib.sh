# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# For scripts that run in a test machine and prove things about sonde there. They print TAP.

mkdir -p /tmp
number=0

# All that sonde could leave behind.
state() {
	/act bpf
	[ ! -e /proc/mounts ] || cat /proc/mounts
}

# Programs and maps go some moments after their last descriptor.
nothing_left() {
	tries=0
	until state >/tmp/after && cmp -s /tmp/before /tmp/after; do
		tries=$((tries + 1))
		if [ $tries -gt 1200 ]; then
			echo "left behind:"
			diff /tmp/before /tmp/after
			return 1
		fi
		usleep 100000
	done
}

# proof TITLE COMMAND…: the command runs with set -e in a shell of its own, and nothing of sonde's
# may be left when it has ended. What it did is told only when it failed.
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

# begin ARGUMENT…: starts `sonde run` (by $through, when that is set) and returns once it says that
# all is attached. Its output goes to /tmp/out and /tmp/err.
begin() {
	rm -f /tmp/ready /tmp/out /tmp/err
	mkfifo /tmp/ready
	# shellcheck disable=SC2086
	${through-} /sonde run "$@" --ready-fd 3 >/tmp/out 2>/tmp/err 3>/tmp/ready &
	sonde=$!
	echo $sonde >/tmp/pid
	read -r _ </tmp/ready
}

# end [SIGNAL]: ends it; its exit status.
end() {
	kill "-${1:-INT}" "$sonde"
	wait "$sonde" || return
	rm /tmp/pid
}

# start PROGRAM…: it waits for a line on stdin, which let_go writes. Its pid is $pid, its
# output /tmp/said.
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

# refused ARGUMENT…: `sonde ARGUMENT…` fails with status 1, says why in one line, and perhaps what
# to do in a second one. Both are left in /tmp/err, behind what it noted before that.
refused() {
	status=0
	"$@" >/tmp/out 2>/tmp/err || status=$?
	[ $status = 1 ]
	[ ! -s /tmp/out ]
	grep -q '^sonde: ' /tmp/err
	[ "$(grep -vcE '^(hint|note): ' /tmp/err)" = 1 ]
	[ "$(grep -c '^hint: ' /tmp/err)" -le 1 ]
}

# soon COMMAND…: the command succeeds within minutes: a busy host may stop a machine for long.
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

# lines FILE REGEX: how many lines of the file match.
lines() {
	grep -cE "$2" "$1" || true
}

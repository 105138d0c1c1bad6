# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Runs of sonde in which one system call fails, or a signal arrives at it. Whatever happens, sonde
# succeeds or says in one line what failed, and nothing stays in the kernel. Before this script, run
# sets $every: of all failures of all calls, each $every-th is tried.

# shellcheck source=/dev/null
. /cable.sh

mount -t bpf none /sys/fs/bpf
mkdir -p /sys/kernel/tracing
state() {
	/act ids
	cat /proc/mounts
	tc qdisc show
	ip link show
	ls /sys/fs/bpf
	for probes in /sys/kernel/tracing/?probe_events; do
		[ ! -e "$probes" ] || cat "$probes"
	done
}

# Events for all scenarios.
(
	while :; do
		/act exec 0 1 /bin/true
		echo | /myapp own
		cat /etc/hostname
		usleep 20000
	done
) >/dev/null 2>&1 &

failed() {
	echo "# $title: $*: status $status"
	sed 's/^/#   stdout: /; 5q' /tmp/out
	sed 's/^/#   stderr: /; 5q' /tmp/err
	bad=$((bad + 1))
}

# completed: the run pinned everything, which stays even if a signal ends it then.
completed() {
	[ "$(find /sys/fs/bpf/pinned -type f 2>/dev/null | grep -c .)" = "$pins" ]
}

# tidy: removes what SIGKILL may leave, as sonde's documentation says, and pins.
pins=none
tidy() {
	rm -rf /sys/fs/bpf/pinned
	/sonde detach v0 2>/dev/null | sed -n 's/^ *\([0-9][0-9]*\)  .*/\1/p' >/tmp/listed
	while read -r id; do /sonde detach v0 "$id" >/dev/null 2>&1; done </tmp/listed
	/net del v0 clsact 2>/dev/null
}

# verdict WHAT COMMAND…: judges the run that just ended.
verdict() {
	what=$1
	case $what in
	*' -9') [ $status = 137 ] || failed "$what: expected SIGKILL" ;;
	*' -'*) [ $status = 0 ] || [ $status = 1 ] || [ $status = $((128 + ${what##* -})) ] || failed "$what" ;;
	*)
		case $status in
		0)
			# What could not be written to stderr is nowhere.
			case $what in *write*) return ;; esac
			cat /tmp/out /tmp/err | grep -q "$expected" || grep -qE '^(sonde|note|warning): ' /tmp/err ||
				failed "$what: silent"
			;;
		1)
			[ "$(grep -c '^sonde: ' /tmp/err)" = 1 ] && [ "$(grep -c '^hint: ' /tmp/err)" -le 1 ] ||
				failed "$what: not one line"
			;;
		*) failed "$what" ;;
		esac
		;;
	esac
}

# same: waits until nothing of the run is left.
same() {
	tries=0
	until state >/tmp/after && cmp -s /tmp/before /tmp/after; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || return 1
		usleep 50000
	done
}

# scenario TITLE REGEX COMMAND…: tries all failures of the command, whose normal output contains REGEX.
scenario() {
	title=$1 expected=$2 bad=0 count=0
	shift 2
	number=$((number + 1))
	state >/tmp/before
	status=0
	$through /inject calls "$@" >/tmp/out 2>/tmp/err || status=$?
	tidy
	cat /tmp/out /tmp/err | grep -q "$expected" || failed 'without a failure'
	[ $status = 0 ] || failed 'without a failure'
	# Of a row of equal calls, the first two and the last.
	awk '{ if ($2 != name) { tell(); n = 0 }
	       name = $2; last = $0
	       if (++n <= 2) { print; last = "" } }
	     END { tell() }
	     function tell() { if (last) print last }' /tmp/calls |
		awk '{ for (i = 3; i <= NF; i++) print $1, $2, $i
		       n = split("1 2 3 9 15", signals)
		       for (i = 1; i <= n; i++) print $1, $2, "-" signals[i] }' |
		awk -v every="$every" 'NR % every == 0' >/tmp/tries
	while read -r at name error; do
		status=0
		$through /inject "$at" "$error" "$@" >/tmp/out 2>/tmp/err </dev/null || status=$?
		[ $status != 126 ] || continue
		count=$((count + 1))
		verdict "call $at, $name: $error"
		[ "$error" != -9 ] && ! completed || tidy
		same && continue
		failed "call $at, $name: $error: left behind"
		diff /tmp/before /tmp/after | sed 's/^/#   /'
		tidy
		state >/tmp/before
	done </tmp/tries
	[ $bad = 0 ] || printf 'not '
	echo "ok $number - $title: $count failures of $(grep -c . /tmp/calls) calls"
}

scenario hello 'Hello\|hello' /sonde run /progs/hello.bpf.o --for 150ms
scenario execcount 'exec_count' /sonde run /progs/execcount.bpf.o --for 150ms --every 50ms
scenario opensnoop 'hostname' /sonde run /progs/opensnoop.bpf.o --for 150ms
scenario XDP '1 program attached' /sonde run /course/c11_noping.bpf.o --on v0 --for 100ms
scenario tc '1 program attached' /sonde run /progs/tc.bpf.o --only out --on v0 --for 100ms
through='/net old'
scenario 'XDP without links' '1 program attached' /sonde run /course/c11_noping.bpf.o --on v0 --for 100ms
scenario 'tc without links' '1 program attached' /sonde run /progs/tc.bpf.o --only out --on v0 --for 100ms
through=
scenario uprobe 'NUMBER' /sonde run /progs/ownfunc.bpf.o --for 150ms
scenario 'perf buffer' 'PID' /sonde run /progs/pages.bpf.o --for 150ms --map perf
pins=13
scenario 'pinned maps' 'pinned' /sonde load /progs/values.bpf.o --pin /sys/fs/bpf/pinned
pins=none
scenario iterator 'COMM' /sonde run /progs/itertask.bpf.o --for 100ms
echo "1..$number"

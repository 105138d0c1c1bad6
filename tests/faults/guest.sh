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
# events COMMAND: makes the events that the next scenarios show, until it is called again.
events() {
	[ -z "$maker" ] || kill "$maker"
	maker=
	[ -n "$1" ] || return
	while :; do
		eval "$1"
		usleep 40000
	done >/dev/null 2>&1 &
	maker=$!
}
maker=

# Removes what SIGKILL may leave, as sonde's documentation says, and pins.
cat >/tidy <<'T'
#!/bin/sh
rm -rf /sys/fs/bpf/pinned
/sonde detach v0 2>/dev/null | sed -n 's/^ *\([0-9][0-9]*\)  .*/\1/p' >/tmp/listed
while read -r id; do /sonde detach v0 "$id" >/dev/null 2>&1; done </tmp/listed
/net del v0 clsact 2>/dev/null
exit 0
T
chmod +x /tidy

failed() {
	echo "# $title: $*: status $status"
	sed 's/^/#   stdout: /; 5q' /tmp/out
	sed 's/^/#   stderr: /; 5q' /tmp/err
	bad=1
}

# scenario TITLE REGEX COMMAND…: tries all failures of the command, whose normal output contains REGEX.
scenario() {
	title=$1 expected=$2 bad=0 count=0
	shift 2
	number=$((number + 1))
	status=0
	$through /inject calls "$@" >/tmp/out 2>/tmp/err || status=$?
	/tidy
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
	begin=$(cut -d. -f1 /proc/uptime)
	# shellcheck disable=SC2086
	$through /inject all "$title" "$expected" "$@" </dev/null >/tmp/report || bad=1
	grep '^#' /tmp/report
	read -r count wrong <<T
$(tail -n 1 /tmp/report)
T
	[ "$wrong" = 0 ] || bad=1
	[ $bad = 0 ] || printf 'not '
	echo "ok $number - $title: $count failures of $(grep -c . /tmp/calls) calls in $(($(cut -d. -f1 /proc/uptime) - begin)) s"
}

events '/act exec 0 1 /bin/true'
scenario hello 'Hello\|hello' /sonde run /progs/hello.bpf.o --for 150ms
scenario execcount 'exec_count' /sonde run /progs/execcount.bpf.o --for 150ms --every 50ms
events 'read -r _ </etc/hostname'
scenario opensnoop 'hostname' /sonde run /progs/opensnoop.bpf.o --for 150ms
events ''
scenario XDP '1 program attached' /sonde run /course/c11_noping.bpf.o --on v0 --for 100ms
scenario tc '1 program attached' /sonde run /progs/tc.bpf.o --only out --on v0 --for 100ms
through='/net old'
scenario 'XDP without links' '1 program attached' /sonde run /course/c11_noping.bpf.o --on v0 --for 100ms
scenario 'tc without links' '1 program attached' /sonde run /progs/tc.bpf.o --only out --on v0 --for 100ms
through=
events 'echo | /myapp own'
scenario uprobe 'NUMBER' /sonde run /progs/ownfunc.bpf.o --for 150ms
events '/act exec 0 1 /bin/true'
scenario 'perf buffer' 'PID' /sonde run /progs/pages.bpf.o --for 150ms --map perf
events ''
export PINS=13
scenario 'pinned maps' 'pinned' /sonde load /progs/values.bpf.o --pin /sys/fs/bpf/pinned
unset PINS
scenario iterator 'COMM' /sonde run /progs/itertask.bpf.o --for 100ms
echo "1..$number"

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2034
#
# Shared by the proofs of the course's programs. A proof is a function; row runs it and prints a line:
#
#   ok NAME                  the program behaves as the course describes
#   absent NAME: MESSAGE     sonde could not load or attach it: error and hint
#   not ok NAME: WHY         the command that failed, followed by logs as comments

only=${only-}

# stop PID: waits for the end, as the next proof must not find this program at its hook. SIGKILL, the
# last resort, may leave filters behind.
stop() {
	kill -TERM "$1" 2>/dev/null
	tries=0
	while kill -0 "$1" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries != 3000 ] || kill -9 "$1"
		usleep 20000
	done
}

row() {
	name=$1
	shift
	case " $only " in
	"  " | *" $name "*) ;;
	*) return ;;
	esac
	rm -f /tmp/sonde.pid
	(
		set -ex
		"$@"
	) >/tmp/log 2>&1
	result=$?
	if [ -e /tmp/sonde.pid ]; then
		stop "$(cat /tmp/sonde.pid)"
	fi
	case $result in
	0) echo "ok $name" ;;
	77) echo "absent $name: $(cat /tmp/message)" ;;
	*)
		echo "not ok $name: $(sed -n 's/^+* //p' /tmp/log | tail -n 1)"
		for file in log err out act; do
			[ ! -s /tmp/$file ] || tail -n 15 /tmp/$file | cut -c 1-300 | sed "s/^/# $file: /"
		done
		;;
	esac
}

# The error of sonde in one line: without the file name, with the hint.
message() {
	sed -n -e '/^sonde: /,$p' /tmp/err | sed -e 's,^sonde: ,,' -e 's,^[^ ]*\.o: ,,' |
		tr '\n' ' ' | sed 's/ *$//'
}

# begin ARGUMENT…: starts `sonde run --json`; the proof ends here if it fails. Maps are only shown on
# exit.
begin() {
	rm -f /tmp/ready /tmp/out /tmp/err
	mkfifo /tmp/ready
	/act default /sonde run --json --every 1h "$@" --ready-fd 3 >/tmp/out 2>/tmp/err 3>/tmp/ready &
	sonde=$!
	echo $sonde >/tmp/sonde.pid
	if ! read -r _ </tmp/ready; then
		status=0
		wait $sonde || status=$?
		rm /tmp/sonde.pid
		[ $status = 1 ]
		message >/tmp/message
		exit 77
	fi
}

# end: interrupts sonde as Ctrl-C does; buffered records are still shown.
end() {
	kill -INT "$sonde"
	wait "$sonde"
	rm /tmp/sonde.pid
}

# act VERB…: runs acts (see acts.c), with output to /tmp/act, and sets $pid to its pid.
act() {
	/acts "$@" >/tmp/act </dev/null
	pid=$(sed -n 's/^pid //p' /tmp/act)
}

# start VERB… and go: the same in two steps, for verbs that wait.
start() {
	rm -f /tmp/go /tmp/act
	mkfifo /tmp/go
	${starter-/acts} "$@" <>/tmp/go >/tmp/act &
	actor=$!
	pid=$actor
}
# started: waits until it has reached that point.
started() {
	until [ -s /tmp/act ]; do usleep 20000; done
}
go() {
	echo >/tmp/go
	wait "$actor"
}

# said WORD: the text after WORD in /tmp/act.
said() {
	sed -n "s/^$1 //p" /tmp/act
}

# lines REGEX: the number of matching lines of output.
lines() {
	grep -cE "$1" /tmp/out || true
}

# one REGEX: exactly one line matches. none REGEX: no line. some REGEX: at least one.
one() {
	[ "$(lines "$1")" = 1 ]
}
none() {
	[ "$(lines "$1")" = 0 ]
}
some() {
	[ "$(lines "$1")" -ge 1 ]
}

# value FIELD REGEX: the number of that field in the first line that matches.
value() {
	grep -E "$2" /tmp/out | head -n 1 | sed -n "s/.*\"$1\":\"\{0,1\}\(-\{0,1\}[0-9]*\).*/\1/p"
}

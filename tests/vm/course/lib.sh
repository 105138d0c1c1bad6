# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2034
#
# For the course's programs in a test machine. A proof is a function; row runs it and prints one line:
#
#   ok NAME                  the program did what the course says it does
#   absent NAME: MESSAGE     sonde could not bring it up; what it said, and its hint
#   not ok NAME: WHY         the command that failed; behind it, as comments, what was seen

only=${only-}

# stop PID: of two programs at the same hook, the next proof must see one only. SIGKILL may leave
# filters behind.
stop() {
	kill -INT "$1" 2>/dev/null
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

# What sonde said, as one line: the sentence without the name of the file, and the hint.
message() {
	sed -n -e '/^sonde: /,$p' /tmp/err | sed -e 's,^sonde: ,,' -e 's,^[^ ]*\.o: ,,' |
		tr '\n' ' ' | sed 's/ *$//'
}

# begin ARGUMENT…: starts `sonde run --json`; the proof is over when it can't be brought up. Maps are
# shown at the end only.
begin() {
	rm -f /tmp/ready /tmp/out /tmp/err
	mkfifo /tmp/ready
	/sonde run --json --every 1h "$@" --ready-fd 3 >/tmp/out 2>/tmp/err 3>/tmp/ready &
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

# end: as by Ctrl-C. What is in the buffers is still shown.
end() {
	kill -INT "$sonde"
	wait "$sonde"
	rm /tmp/sonde.pid
}

# act VERB…: see acts.c. Its pid is in $pid, its output in /tmp/act.
act() {
	/acts "$@" >/tmp/act </dev/null
	pid=$(sed -n 's/^pid //p' /tmp/act)
}

# start VERB… and go: the same in two steps, for what waits.
start() {
	rm -f /tmp/go /tmp/act
	mkfifo /tmp/go
	${starter-/acts} "$@" <>/tmp/go >/tmp/act &
	actor=$!
	pid=$actor
}
# started: it has got as far as it goes before that.
started() {
	until [ -s /tmp/act ]; do usleep 20000; done
}
go() {
	echo >/tmp/go
	wait "$actor"
}

# said WORD: what stands behind that word in /tmp/act.
said() {
	sed -n "s/^$1 //p" /tmp/act
}

# lines REGEX: how many lines of sonde's output match.
lines() {
	grep -cE "$1" /tmp/out || true
}

# one REGEX: exactly one line does. none REGEX: none does. some REGEX: at least one.
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

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Uprobes and USDT on this kernel. Each proof runs probed, which calls functions with 4242, 4243, ... and
# "text 0", "text 1", ...; sonde must print exactly these.
# shellcheck source=lib.sh source-path=SCRIPTDIR
# shellcheck disable=SC2119 # the signal of end is optional
. /lib.sh

mount -t proc proc /proc 2>/dev/null
mount -t sysfs sysfs /sys 2>/dev/null
mount -t devtmpfs dev /dev 2>/dev/null

# since MAJOR MINOR: whether this kernel is at least that version.
since() {
	release=$(uname -r)
	major=${release%%.*} minor=${release#*.} minor=${minor%%[!0-9]*}
	[ "$major" -gt "$1" ] || { [ "$major" = "$1" ] && [ "$minor" -ge "$2" ]; }
}

# probe COUNT PROGRAM ARGUMENT…: runs `sonde run` with only that program while probed makes its calls.
# Leaves the pid of probed in $pid and its output in /tmp/said.
probe() {
	count=$1 only=$2
	shift 2
	start "${binary:-/probed}" "$count"
	begin /probes.bpf.o --json --only "$only" "$@"
	let_go
	end
}

# expect LINE…: the output is exactly these records.
expect() {
	for line; do
		echo "{\"map\":\"events\",\"pid\":$pid,\"what\":$line}"
	done >/tmp/expected
	diff /tmp/expected /tmp/out
}

# ---- functions ----

entry() {
	probe 7 entry "$@"
	expect '"entry","a":4242,"b":0,"text":"text 0"' '"entry","a":4243,"b":0,"text":"text 1"' \
		'"entry","a":4244,"b":0,"text":"text 2"' '"entry","a":4245,"b":0,"text":"text 3"' \
		'"entry","a":4246,"b":0,"text":"text 4"' '"entry","a":4247,"b":0,"text":"text 5"' \
		'"entry","a":4248,"b":0,"text":"text 6"'
}

slashless() {
	cd /tmp || exit
	cp /probed /bin/probed
	binary=/bin/probed
	entry --on entry=bin/probed
	grep -q "^note: .*'bin/probed' lacks a leading slash" /tmp/err
}

result() {
	probe 3 result
	expect '"result","a":-8484,"b":0,"text":""' '"result","a":-8486,"b":0,"text":""' \
		'"result","a":-8488,"b":0,"text":""'
}

# A section without target: --on names one, and one process.
anywhere() {
	start /probed 2
	begin /probes.bpf.o --json --only anywhere --on "anywhere=$1@$pid"
	echo | /probed 50 >/dev/null
	let_go
	end
	expect "\"any\",\"a\":$2,\"b\":0,\"text\":\"\"" "\"any\",\"a\":$3,\"b\":0,\"text\":\"\""
}

by_number() {
	/sonde plan -v /probes.bpf.o --only entry >/tmp/plan
	offset=$(awk '$1 == "probe_offset" { print $2 }' /tmp/plan)
	[ "$offset" ]
	anywhere "/probed:$offset" 4242 4243
}

sleeping() {
	probe 2 sleeping
	expect '"sleep","a":4242,"b":0,"text":""' '"sleep","a":4243,"b":1,"text":""'
}

saved() {
	/sonde plan /probes.bpf.o --only entry -o /tmp/saved.plan
	start /probed 1
	begin /tmp/saved.plan --json
	let_go
	end
	rm /tmp/saved.plan
	expect '"entry","a":4242,"b":0,"text":"text 0"'
}

# ---- many functions ----

many() {
	probe 2 many
	expect '"many","a":0,"b":0,"text":""' '"many","a":0,"b":0,"text":""' \
		'"many","a":1,"b":0,"text":""' '"many","a":1,"b":0,"text":""'
	probe 2 many_out
	expect '"out","a":1,"b":0,"text":""' '"out","a":2,"b":0,"text":""' \
		'"out","a":2,"b":0,"text":""' '"out","a":3,"b":0,"text":""'
}

many_of_one_process() {
	start /probed 1
	begin /probes.bpf.o --json --only many --on "many=@$pid"
	echo | /probed 50 >/dev/null
	let_go
	end
	expect '"many","a":0,"b":0,"text":""' '"many","a":0,"b":0,"text":""'
}

session() {
	if since 6 13; then
		probe 1 session
		expect '"session","a":0,"b":0,"text":""' '"session","a":0,"b":0,"text":""'
	else
		refused /sonde run /probes.bpf.o --only session --for 5s
		grep -q '6\.13' /tmp/err
	fi
}

# ---- USDT ----

plain() {
	probe 2 plain "$@"
	expect '"plain","a":-5,"b":-300,"text":"text 0"' '"place","a":-7,"b":4,"text":""' \
		'"plain","a":-5,"b":-300,"text":"text 0"' '"place","a":-8,"b":4,"text":""' \
		'"plain","a":-6,"b":-301,"text":"text 1"' '"place","a":-7,"b":4,"text":""' \
		'"plain","a":-6,"b":-301,"text":"text 1"' '"place","a":-8,"b":4,"text":""'
}

# The kernel increments the semaphore while a program is attached.
semaphore() {
	probe 3 watched
	[ "$(cat /tmp/said)" = "1 3" ]
	expect '"watched","a":0,"b":-2,"text":""' '"watched","a":1,"b":-2,"text":""' \
		'"watched","a":2,"b":-2,"text":""'
	[ "$(echo | /probed 3)" = "0 0" ]
}

# Addresses that are unknown until the program runs.
moved() {
	cp /probed.pie /tmp/probed.pie
	if ! since 5 15; then
		refused /sonde run /probes.bpf.o --only plain --on plain=/tmp/probed.pie --for 5s
		grep -q '^hint: .*@PID' /tmp/err
		start /tmp/probed.pie 2
		begin /probes.bpf.o --json --only plain --on "plain=/tmp/probed.pie@$pid"
		let_go
		end
		[ "$(lines /tmp/out '"place","a":-[78],"b":4,')" = 4 ]
		[ "$(lines /tmp/out '"plain","a":-6,"b":-301,"text":"text 1"')" = 2 ]
	else
		binary=/tmp/probed.pie
		plain --on plain=/tmp/probed.pie
	fi
}

no_probes() {
	refused /sonde run /probes.bpf.o --only plain --on plain=/act --for 5s
	grep -q "/act: no USDT probes: no section .note.stapsdt" /tmp/err
}

# ---- errors ----

refusals() {
	refused /sonde run /probes.bpf.o --only entry --on entry=:givven --for 5s
	grep -q "program 'entry' .*/probed: there is no function 'givven'" /tmp/err
	grep -q '^hint: similar names: .*given' /tmp/err
	refused /sonde run /probes.bpf.o --only entry --on entry=/nowhere --for 5s
	grep -q "/nowhere: ENOENT" /tmp/err
	refused /sonde run /probes.bpf.o --only plaintext --for 5s
	grep -q "'SSL_write' names no file" /tmp/err
	grep -q '^hint: .*--on plaintext=FILE:FUNCTION' /tmp/err
	refused /sonde run /probes.bpf.o --only anywhere --on anywhere=/probed:0 --for 5s
	grep -q "byte 0 is the file's header" /tmp/err
	refused /sonde run /probes.bpf.o --only entry --on entry=@4000000 --for 5s
	grep -q "ESRCH" /tmp/err
}

no_rights() {
	refused /act as 1000 0 /sonde run /probes.bpf.o --only entry --for 5s
	grep -q '^hint: .*CAP_BPF' /tmp/err
}

# A user who has only these capabilities: by uprobe.multi, although perf events are denied.
few_rights() {
	rights=$((1 << 38 | 1 << 39))
	since 5 11 || rights=$((rights | 1 << 24)) # maps count as locked memory
	through="/act as 1000 $rights"
	if since 6 6 && [ "$(uname -m)" != armv7l ]; then
		entry
		result
	else
		refused /act as 1000 $rights /sonde run /probes.bpf.o --only entry --for 5s
		grep -q '^hint: .*CAP_SYS_ADMIN.*\(before Linux 6.6\|32-bit\).*root' /tmp/err
	fi
	through=
}

# ---- with the C library (only if the machine has the architecture of the host) ----

# malloc(4242) of one process: size and return value.
mallocs() {
	start /mallocs
	begin /course/c10_mallocwatch.bpf.o --json --on "malloc_entry=@$pid" \
		--on "malloc_return=@$pid"
	let_go
	end
	pointer=$(cat /tmp/said)
	[ "$(lines /tmp/out "\"message\":\"malloc: pid $pid, size 4242\"")" = 1 ]
	[ "$(lines /tmp/out "\"message\":\"malloc: pid $pid, pointer ${pointer#0x}\"")" = 1 ]
}

# A library named as for the dynamic linker, and one mapped by the process.
ssl() {
	for target in libssl.so.3:SSL_write libssl libssl.so.3 "libssl:SSL_write@PID"; do
		start /ssl
		begin /probes.bpf.o --json --only plaintext --on "plaintext=$(
			echo "$target" | sed "s/PID/$pid/")"
		let_go
		end
		expect '"ssl","a":6,"b":0,"text":"secret"'
		grep -q "^note: .*is /.*/libssl.so.3" /tmp/err
	done
}

proof "function entry: 7 calls, 7 events" entry
proof "function return" result
proof "a path without the leading slash" slashless
proof "--on selects the target and the process" anywhere /probed:given 4242 4243
proof "an offset within a function" anywhere /probed:many_b+0 0 1
proof "a file offset" by_number
if since 6 0; then
	proof "a sleepable program" sleeping
fi
proof "a saved plan" saved
proof "many functions with one program" many
proof "many functions, one process" many_of_one_process
proof "a session" session
proof "USDT: register, memory and constant arguments" plain
proof "USDT: a semaphore" semaphore
[ ! -e /probed.pie ] || proof "USDT in a position-independent executable" moved
proof "USDT: no such probe" no_probes
proof "errors and their reasons" refusals
proof "unprivileged: the error names the missing privileges" no_rights
! since 5 8 || proof "CAP_BPF and CAP_PERFMON suffice since 6.6" few_rights
if [ -e /mallocs ]; then
	proof "malloc in the C library" mallocs
	proof "a library by name" ssl
fi
echo "1..$number"

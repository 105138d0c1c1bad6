# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Kprobes, uprobes and USDT with the tracefs interface (kprobe_events, uprobe_events), which kernels
# before 4.17 require. This kernel is newer, so its perf event sources are hidden by bind mounts. No
# line may remain in either file.
# shellcheck source=../guest/lib.sh source-path=SCRIPTDIR
# shellcheck disable=SC2119 # the signal of end is optional
. /lib.sh

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
trace=/sys/kernel/tracing
mkdir /empty

hide() {
	mount -o bind /empty /sys/bus/event_source/devices/kprobe
	mount -o bind /empty /sys/bus/event_source/devices/uprobe
}

unhide() {
	umount /sys/bus/event_source/devices/kprobe
	umount /sys/bus/event_source/devices/uprobe
}

# probes [NAME]: prints sonde's lines, or those of one program.
probes() {
	cat $trace/kprobe_events $trace/uprobe_events | grep "^[pr][0-9]*:sonde/${1-}" || true
}

count() {
	probes "$1" | grep -c . || true
}

state() {
	/act ids
	sort /proc/mounts
	[ ! -e $trace/kprobe_events ] || probes
}

# expect LINE…: the output is exactly these records, in any order.
expect() {
	for line; do
		echo "{\"map\":\"events\",$line}"
	done | sort >/tmp/expected
	sort /tmp/out | diff /tmp/expected -
}

# opens FILE…: opens them with act.
opens() {
	echo | /act open 0 "$@" >/tmp/said
}

# probe COUNT ONLY ARGUMENT…: as in guest/uprobe.sh.
probe() {
	count=$1 only=$2
	shift 2
	start /probed "$count"
	begin /probes.bpf.o --json --only "$only" "$@"
	[ "$(count "$only")" -ge 1 ]
	let_go
	end
	grep -q "^note: .* SIGKILL" /tmp/err
}

user() {
	what=$1
	shift
	for line; do
		set -- "$@" "\"pid\":$pid,\"what\":\"$what\",$line"
		shift
	done
	expect "$@"
}

# ---- kernel functions ----

entry() {
	begin /kernel.bpf.o --json --only entry
	opens /none /none
	end
	expect '"what":"entry","n":-100' '"what":"entry","n":-100'
}

result() {
	begin /kernel.bpf.o --json --only result
	probes result | grep -q '^r[0-9]*:.* do_sys_openat2'
	opens /none
	end
	expect '"what":"result","n":-2'
}

call() {
	begin /kernel.bpf.o --json --only call --only answer
	probes call | grep -q "$wrapper"
	opens /none /none
	end
	expect '"what":"call","n":0' '"what":"answer","n":-2' '"what":"call","n":0' \
		'"what":"answer","n":-2'
}

wrapped() {
	begin /kernel.bpf.o --json --only wrapped
	probes wrapped | grep -q "$wrapper"
	[ "$wrapper" = ' sys_openat' ] || grep "^note: .*no function 'sys_openat' here" /tmp/err
	opens /none
	end
	expect '"what":"wrapped","n":0'
}

several() {
	begin /kernel.bpf.o --json --only entry --only result --only wrapped
	[ "$(count)" = 3 ]
	[ "$(grep -c SIGKILL /tmp/err)" = 1 ]
	opens /none
	end
	expect '"what":"entry","n":-100' '"what":"result","n":-2' '"what":"wrapped","n":0'
}

offset() {
	begin /kernel.bpf.o --json --only entry --on entry=do_sys_openat2+0
	opens /none
	end
	expect '"what":"entry","n":-100'
}

# sonde mounts tracefs detached, so it does not appear in /proc/mounts.
unmounted() {
	umount $trace
	begin /kernel.bpf.o --json --only entry
	opens /none
	[ "$(lines /proc/mounts tracefs)" = 0 ]
	end
	expect '"what":"entry","n":-100'
	mount -t tracefs tracefs $trace
}

debugfs() {
	umount $trace
	mount -t debugfs debugfs /sys/kernel/debug
	begin /kernel.bpf.o --json --only entry
	opens /none
	end
	umount -l /sys/kernel/debug
	mount -t tracefs tracefs $trace
	expect '"what":"entry","n":-100'
}

saved() {
	/sonde plan /kernel.bpf.o --only entry --only result -o /tmp/saved.plan
	begin /tmp/saved.plan --json
	[ "$(count)" = 2 ]
	opens /none
	end
	expect '"what":"entry","n":-100' '"what":"result","n":-2'
}

# Two concurrent runs of one plan have separate probes.
two() {
	begin /tmp/saved.plan --json
	first=$sonde
	mv /tmp/out /tmp/out.first
	begin /tmp/saved.plan --json
	[ "$(count)" = 4 ]
	opens /none
	kill -TERM "$first"
	wait "$first"
	[ "$(count)" = 2 ]
	expect '"what":"entry","n":-100' '"what":"result","n":-2'
	opens /none
	end
	[ "$(count)" = 0 ]
	expect '"what":"entry","n":-100' '"what":"result","n":-2' \
		'"what":"entry","n":-100' '"what":"result","n":-2'
	mv /tmp/out.first /tmp/out
	expect '"what":"entry","n":-100' '"what":"result","n":-2'
	rm /tmp/saved.plan
}

shown() {
	begin /kernel.bpf.o --only entry -v
	end
	grep -E '^append "p:sonde/entry_[0-9]+_[0-9a-f]{16} do_sys_openat2" to "kprobe_events" of tracefs = 0  #' \
		/tmp/err
	grep -E '^read "events/sonde/entry_[0-9]+_[0-9a-f]{16}/id" of tracefs = [0-9]+  #' /tmp/err
}

# ---- errors ----

refusals() {
	refused /sonde run /kernel.bpf.o --only entry --only missing --for 5s
	grep -q "program 'missing' .*: this kernel has no function 'do_sys_openta2' that can be probed" \
		/tmp/err
	grep -q '^hint: similar names: .*do_sys_openat2' /tmp/err
	/sonde run /kernel.bpf.o --only entry --only wrong --for 5s 2>/tmp/err && return 1
	grep -q "program 'wrong'.*verifier" /tmp/err
	cp /probed "/tmp/with space"
	refused /sonde run /probes.bpf.o --only entry --on "entry=/tmp/with space" --for 5s
	rm "/tmp/with space"
	grep -q '^hint: .*white space' /tmp/err
}

# The fallback is for a missing source only, not for EACCES.
forbidden() {
	chmod 700 /empty
	# CAP_SYS_ADMIN, CAP_SYS_RESOURCE, CAP_PERFMON and CAP_BPF do not bypass file permissions.
	/act as 1000 $((1 << 21 | 1 << 24 | 1 << 38 | 1 << 39)) /sonde run /kernel.bpf.o --only entry --for 5s -v \
		2>/tmp/err && return 1
	chmod 755 /empty
	grep -q "type: EACCES" /tmp/err
	[ "$(lines /tmp/err append)" = 0 ]
}

# ---- programs and libraries ----

functions() {
	probe 2 entry
	user entry '"a":4242,"b":0,"text":"text 0"' '"a":4243,"b":0,"text":"text 1"'
	probe 2 result
	user result '"a":-8484,"b":0,"text":""' '"a":-8486,"b":0,"text":""'
}

one_process() {
	start /probed 2
	begin /probes.bpf.o --json --only anywhere --on "anywhere=/probed:given@$pid"
	[ "$(count anywhere)" = 1 ]
	echo | /probed 50 >/dev/null
	let_go
	end
	user any '"a":4242,"b":0,"text":""' '"a":4243,"b":0,"text":""'
}

# Where uprobe_multi links exist (64-bit kernels since 6.6), they are used instead.
many() {
	begin /probes.bpf.o --json --only many
	lines=$(count many)
	end
	case $(uname -r -m) in
	5.* | 6.[0-5].* | *armv7l) [ "$lines" = 2 ] ;;
	*) [ "$lines" = 0 ] ;;
	esac
	[ "$lines" != 0 ] || return 0
	probe 1 many
	user many '"a":0,"b":0,"text":""' '"a":0,"b":0,"text":""'
	probe 1 many_out
	user out '"a":1,"b":0,"text":""' '"a":2,"b":0,"text":""'
}

usdt() {
	probe 1 plain
	expect "\"pid\":$pid,\"what\":\"plain\",\"a\":-5,\"b\":-300,\"text\":\"text 0\"" \
		"\"pid\":$pid,\"what\":\"place\",\"a\":-7,\"b\":4,\"text\":\"\"" \
		"\"pid\":$pid,\"what\":\"plain\",\"a\":-5,\"b\":-300,\"text\":\"text 0\"" \
		"\"pid\":$pid,\"what\":\"place\",\"a\":-8,\"b\":4,\"text\":\"\""
}

semaphore() {
	probe 2 watched
	[ "$(cat /tmp/said)" = "1 2" ]
	user watched '"a":0,"b":-2,"text":""' '"a":1,"b":-2,"text":""'
	[ "$(echo | /probed 3)" = "0 0" ]
}

# ---- SIGKILL ----

killed() {
	begin /kernel.bpf.o --only entry
	sed 's/^note: //' /tmp/err | tr '\n' ' ' | grep -q 'SIGKILL.*sonde detach probes'
	kill -9 "$sonde"
	wait "$sonde" || true
	begin /probes.bpf.o --only entry
	kill -9 "$sonde"
	wait "$sonde" || true
	rm /tmp/pid
	[ "$(count entry)" = 2 ]
	# The probes are no longer in use. Only sonde's are removed.
	echo 'p:mine/entry do_sys_openat2' >>$trace/kprobe_events
	/sonde detach probes >/tmp/removed
	cat /tmp/removed
	[ "$(grep -c 'removed entry_.* (.*)' /tmp/removed)" = 2 ]
	[ "$(count)" = 0 ]
	grep -q 'p:mine/entry do_sys_openat2' $trace/kprobe_events
	echo '-:mine/entry' >>$trace/kprobe_events
	[ "$(/sonde detach probes)" = "probes: no stale attachment of sonde's" ]
}

# Probes that are in use are not removed.
in_use() {
	begin /kernel.bpf.o --json --only entry
	/sonde detach probes 2>/tmp/busy && return 1
	grep -q '^sonde: probes: EBUSY' /tmp/busy
	grep -q '^hint: .*still running' /tmp/busy
	opens /none
	end
}

# If the perf event sources exist, tracefs is not used.
modern() {
	unhide
	begin /kernel.bpf.o --json --only entry --only wrapped -v
	[ "$(count)" = 0 ]
	opens /none
	end
	[ "$(lines /tmp/err 'append|tracefs|number that')" = 0 ]
	expect '"what":"entry","n":-100' '"what":"wrapped","n":0'
	hide
}

mount -t tracefs tracefs $trace
hide
# Architectures without system call wrappers behave like kernels before 4.17.
wrapper=' __.*_sys_openat'
! grep -q ' sys_openat$' /proc/kallsyms || wrapper=' sys_openat'
proof "kernel function entry" entry
proof "kernel function return" result
proof "system call, entry and return" call
proof "a system call wrapper by the name of the call" wrapped
proof "an offset" offset
proof "several probes, one note" several
proof "a saved plan" saved
proof "the same plan twice at once" two
proof "the steps with -v" shown
proof "tracefs is not mounted" unmounted
proof "tracefs below debugfs" debugfs
proof "failures leave nothing behind" refusals
proof "EACCES on a perf event source does not mean that it is missing" forbidden
proof "user function entry and return" functions
proof "one process" one_process
proof "many user functions" many
proof "USDT" usdt
proof "USDT with a semaphore" semaphore
proof "probes left by SIGKILL are cleaned up" killed
proof "probes in use are left alone" in_use
proof "kernels with perf event sources" modern
echo "1..$number"

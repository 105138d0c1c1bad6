# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# The first programs of the course on this kernel. Starts in a bare machine, where nothing is mounted;
# the usual file systems are mounted after the first proofs.
# shellcheck source=lib.sh source-path=SCRIPTDIR
. /lib.sh

config=/boot/config-$(uname -r)
has() {
	grep -q "^$1=y" "$config"
}

# ---- execcount ----

# One execve as root per call of act, plus those that act makes.
start_programs() {
	/act exec 12345 "$1" /bin/true
	/act exec 0 4 /bin/true
}

execcount_text() {
	begin "$@" --every 1h
	start_programs 7
	end
	[ "$(lines /tmp/out '^exec_count: 2 entries$')" = 1 ]
	[ "$(lines /tmp/out '^  UID  VALUE$')" = 1 ]
	[ "$(lines /tmp/out '^12345  +7$')" = 1 ]
	[ "$(lines /tmp/out '^    0  +6$')" = 1 ]
	[ "$(lines /tmp/out '')" = 4 ]
}

execcount_json() {
	begin "$@" --every 1h --json
	start_programs 100
	end
	[ "$(lines /tmp/out '^\{"map":"exec_count","key":12345,"value":100\}$')" = 1 ]
	[ "$(lines /tmp/out '^\{"map":"exec_count","key":0,"value":6\}$')" = 1 ]
	[ "$(lines /tmp/out '^\{"snapshot":1,"of":"exec_count","time_ns":[0-9]+\}$')" = 1 ]
	[ "$(lines /tmp/out '')" = 3 ]
}

# Every table shows key 0, and the next one includes changes since.
execcount_again() {
	begin /progs/execcount.bpf.o --every 1s --json
	start_programs 3
	soon grep -q '"key":12345,"value":3}' /tmp/out
	/act exec 12345 2 /bin/true
	soon grep -q '"key":12345,"value":5}' /tmp/out
	end
	[ "$(lines /tmp/out '"key":12345,')" -ge 3 ]
	[ "$(lines /tmp/out '"key":0,')" = "$(lines /tmp/out '"key":12345,')" ]
}

# ---- opensnoop ----

# packed OBJECT ARGUMENT…: like begin, but with a file that sonde pack makes of it, on a kernel without mounts.
packed() {
	rm -f /tmp/out /tmp/err /tmp/packed
	/sonde pack "$@" -o /tmp/packed --sonde /sonde
	/act default /tmp/packed >/tmp/out 2>/tmp/err &
	sonde=$!
	echo $sonde >/tmp/pid
	soon grep -q attached /tmp/err
}

# planned SIZE: the last packed file has a runner, and not more bytes.
planned() {
	[ "$(wc -c </tmp/packed)" -le "$1" ]
	[ "$(lines /tmp/err '')" = 1 ]
}

# open_files ARGUMENT…: a process opens two files while `sonde run ARGUMENT…` watches only it, and
# another process opens others. Leaves its pid in $opener and its results in /tmp/opened.
open_files() {
	echo x >/tmp/here
	rm -f /tmp/go /tmp/missing
	mkfifo /tmp/go
	/act open 12345 /tmp/here /tmp/missing <>/tmp/go >/tmp/opened &
	opener=$!
	soon grep -q ready /tmp/opened
	${how:-begin} "$@" --set only_pid=$opener
	echo | /act open 54321 /tmp/here /tmp/other
	echo >/tmp/go
	wait $opener
	soon grep -q /tmp/missing /tmp/out
	end
	fd=$(sed -n '2s/ .*//p' /tmp/opened)
	[ "$fd" -ge 0 ]
	[ "$(cat /tmp/opened)" = "ready
$fd /tmp/here
-2 /tmp/missing" ]
}

opensnoop_text() {
	open_files "$@"
	[ "$(lines /tmp/out "^PID +UID +COMM +RET +FILENAME$")" = 1 ]
	[ "$(lines /tmp/out "^$opener +12345 +act +$fd +/tmp/here$")" = 1 ]
	[ "$(lines /tmp/out "^$opener +12345 +act +-2 ENOENT +/tmp/missing$")" = 1 ]
	[ "$(lines /tmp/out '')" = 3 ]
}

opensnoop_packed() {
	how=packed opensnoop_text /progs/opensnoop.bpf.o --here
	planned 32768
}

opensnoop_packed_full() {
	how=packed opensnoop_text /progs/opensnoop.bpf.o
}

opensnoop_json() {
	open_files "$@" --json
	who="\"map\":\"events\",\"pid\":$opener,\"uid\":12345,\"comm\":\"act\""
	[ "$(cat /tmp/out)" = "{$who,\"ret\":$fd,\"filename\":\"/tmp/here\"}
{$who,\"ret\":-2,\"filename\":\"/tmp/missing\"}" ]
}

# Layouts of tracepoint records come from tracefs then, and nothing tells those of other types.
without_types() {
	refused /sonde run /progs/contents.bpf.o --for 5s
	grep -q '^sonde: /progs/contents.bpf.o: .* of struct .*: this kernel has no BTF$' /tmp/err
	grep -q '^hint: .*--btf' /tmp/err
	/sonde run -v /progs/opensnoop.bpf.o --for 10ms >/tmp/out 2>/tmp/err
	grep -q '^types: struct trace_event_raw_sys_exit: .*/events/raw_syscalls/sys_exit/format$' /tmp/err
}

# opentap and slowopen see what act does.
opens_without_types() {
	begin /progs/opentap.bpf.o
	echo | /act open 12345 /tmp/here /tmp/missing >/tmp/opened
	soon grep -qE '^[0-9]+ +12345 +act +OPENAT +[0-9]+ +/tmp/missing$' /tmp/out
	end
	begin /progs/slowopen.bpf.o --set only_failures=true
	echo | /act open 12345 /tmp/here /tmp/missing >/tmp/opened
	soon grep -qE '^[0-9]+ +act +.*s +-2 ENOENT$' /tmp/out
	end
	[ "$(lines /tmp/out ' [0-9]+$')" = 0 ]
}

# What tracefs tells about records is what BTF does: a copy of it describes this kernel without BTF.
layouts_of_tracefs() {
	mkdir -p /tmp/k/events /tmp/tracefs
	mount -t tracefs none /tmp/tracefs
	for event in /tmp/tracefs/events/raw_syscalls/*/ /tmp/tracefs/events/sched/sched_process_*/; do
		mkdir -p "/tmp/k/events/${event#/tmp/tracefs/events/}"
		cat "${event}format" >"/tmp/k/events/${event#/tmp/tracefs/events/}format"
	done
	umount /tmp/tracefs
	uname -r >/tmp/k/release
	uname -m >/tmp/k/machine
	for name in opensnoop opentap slowopen; do
		/sonde plan -vv "/progs/$name.bpf.o" >/tmp/of-btf
		/sonde plan -vv -t /tmp/k "/progs/$name.bpf.o" 2>/tmp/err | cmp - /tmp/of-btf
	done
	/sonde plan -t /tmp/k -o /tmp/plan /progs/opensnoop.bpf.o
	opensnoop_text /tmp/plan
	rm -r /tmp/k /tmp/plan
}

if has CONFIG_DEBUG_INFO_BTF; then types=1; else types=; fi
opensnoop() {
	proof "$1opensnoop, text" opensnoop_text /progs/opensnoop.bpf.o
	proof "$1opensnoop, JSON" opensnoop_json /progs/opensnoop.bpf.o
	proof "$1opensnoop, packed" opensnoop_packed
	if [ ! $types ]; then
		proof "$1types that this kernel lacks are named" without_types
		proof "$1opentap and slowopen without types" opens_without_types
	fi
}

# ---- hello ----

hello_packed() {
	how=packed hello_line
	planned 20480
}

hello_line() {
	${how:-begin} /progs/hello.bpf.o
	pid=$(/act exec 12345 1 /bin/true)
	soon grep -q "pid $pid," /tmp/out
	end
	[ "$(lines /tmp/out '^PID +COMM +MESSAGE$')" = 1 ]
	[ "$(lines /tmp/out "^$pid +act +execve by act, pid $pid, uid 12345$")" = 1 ]
	# This shell started the others.
	[ "$(lines /tmp/out '^[0-9]+ +sh +execve by sh, pid [0-9]+, uid 0$')" = \
		$(($(lines /tmp/out '') - 2)) ]
}

# The trace buffer has other writers: a user, and a program with another format.
hello_alone() {
	mount -t tracefs none /sys/kernel/tracing
	/sonde run /course/c16_execline.bpf.o >/tmp/other 2>&1 &
	other=$!
	soon grep -q attached /tmp/other
	begin /progs/hello.bpf.o --json
	echo "execve by hand" >/sys/kernel/tracing/trace_marker
	/act exec 12345 20 /bin/true >/tmp/pids
	last=$(tail -n 1 /tmp/pids)
	soon grep -q "pid $last," /tmp/out
	soon grep -q "pid: $last," /tmp/other
	end
	kill -TERM $other
	wait $other
	umount /sys/kernel/tracing
	[ "$(lines /tmp/out 'pid [0-9]+, uid 12345"}$')" = 20 ]
	[ "$(lines /tmp/out '"program":"hello"')" = "$(lines /tmp/out '')" ]
	[ "$(lines /tmp/out 'by hand|caller')" = 0 ]
	[ "$(lines /tmp/other 'caller: act, pid: [0-9]+, uid: 12345$')" = 20 ]
	[ "$(lines /tmp/other 'by hand|execve by')" = 0 ]
	while read -r pid; do
		[ "$(lines /tmp/out "\"pid\":$pid,.*\"message\":\"execve by act, pid $pid,")" = 1 ]
		[ "$(lines /tmp/other "^$pid +.*pid: $pid,")" = 1 ]
	done </tmp/pids
}

# Other readers of the trace pipe lose nothing.
hello_leaves_the_pipe() {
	mount -t tracefs none /sys/kernel/tracing
	begin /progs/hello.bpf.o
	if [ "$1" = sonde ]; then
		/sonde trace >/tmp/pipe 2>/tmp/pipe.err &
	else
		cat /sys/kernel/tracing/trace_pipe >/tmp/pipe &
	fi
	reader=$!
	/act exec 12345 20 /bin/true >/tmp/pids
	last=$(tail -n 1 /tmp/pids)
	soon grep -q "pid $last," /tmp/out
	soon grep -q "pid $last," /tmp/pipe
	end
	kill -TERM $reader
	wait $reader || [ "$1" != sonde ]
	umount /sys/kernel/tracing
	while read -r pid; do
		[ "$(lines /tmp/pipe ": execve by act, pid $pid, uid 12345$")" = 1 ]
		[ "$(lines /tmp/out " execve by act, pid $pid, uid 12345$")" = 1 ]
	done </tmp/pids
}

# sonde trace finds or mounts tracefs, reports which one it reads, and exits on a signal.
trace_pipe() {
	/sonde run /progs/hello.bpf.o >/tmp/out 2>/tmp/err &
	echo $! >/tmp/pid
	soon grep -q attached /tmp/err
	/sonde trace >/tmp/pipe 2>/tmp/pipe.err &
	reader=$!
	soon grep -q '^reading' /tmp/pipe.err
	pid=$(/act exec 12345 1 /bin/true)
	soon grep -q "execve by act, pid $pid, uid 12345$" /tmp/pipe
	kill -TERM $reader
	wait $reader
	[ "$(cat /tmp/pipe.err)" = "reading trace_pipe of $1; Ctrl-C to stop" ]
	kill -TERM "$(cat /tmp/pid)"
	[ "$(lines /tmp/pipe '')" -ge 1 ]
}

trace_ends() {
	mount -t tracefs none /sys/kernel/tracing
	printf 'a\033[2J\303\251b' >/sys/kernel/tracing/trace_marker
	/sonde trace --for 100ms >/tmp/out 2>/tmp/err
	grep -q "a?\[2J$(printf '\303\251')b\$" /tmp/out
	trace_pipe /sys/kernel/tracing
	echo 0 >/sys/kernel/tracing/tracing_on
	/sonde trace --for 100ms 2>/tmp/err
	echo 1 >/sys/kernel/tracing/tracing_on
	umount /sys/kernel/tracing
	grep -q 'tracing is off' /tmp/err
	refused /act as 1000 0 /sonde trace
	grep -q tracefs /tmp/err
}

# ---- smoke ----

runs_of() {
	grep -h '^run_cnt:' "/proc/$1/fdinfo"/* | awk '{ print $2 }'
}

smoke_runs() {
	echo 1 >/proc/sys/kernel/bpf_stats_enabled
	begin /progs/smoke.bpf.o
	before=$(runs_of "$sonde")
	(:)
	(:)
	(:)
	after=$(runs_of "$sonde")
	echo 0 >/proc/sys/kernel/bpf_stats_enabled
	end
	[ $((after - before)) -ge 3 ]
	[ ! -s /tmp/out ]
	case $(uname -m) in
	x86_64) wrapper=__x64_sys_clone ;;
	aarch64) wrapper=__arm64_sys_clone ;;
	s390x) wrapper=__s390x_sys_clone ;;
	*) wrapper= ;;
	esac
	if [ "$wrapper" ]; then
		grep -q "^note: .*'sys_clone'.*'$wrapper'" /tmp/err
	else
		[ "$(lines /tmp/err '^note')" = 0 ]
	fi
}

smoke_is_refused() {
	refused /sonde run /progs/smoke.bpf.o --for 5s
	grep -q "program 'smoke' (kprobe/sys_clone): attach" /tmp/err
	grep -q '^hint: .*kprobe' /tmp/err
}

# ---- exit ----

ends_by() {
	begin /progs/execcount.bpf.o --every 1h --json
	start_programs 3
	status=0
	end "$1" || status=$?
	if [ "$1" = KILL ]; then
		[ $status = 137 ]
	else
		[ $status = 0 ]
		[ "$(lines /tmp/out '"key":12345,"value":3}$')" = 1 ]
	fi
}

reader_goes() {
	while :; do /act exec 12345 1 /bin/true; done >/dev/null &
	noise=$!
	{
		status=0
		/sonde run /progs/execcount.bpf.o --every 200ms --json 2>/tmp/err || status=$?
		echo $status >/tmp/status
	} | head -n 1 >/tmp/out
	kill $noise
	[ "$(cat /tmp/status)" = 0 ]
	[ "$(lines /tmp/out '^\{"snapshot":1,"of":"exec_count"')" = 1 ]
	[ "$(lines /tmp/err '')" = 1 ]
}

nobody_reads() {
	{
		status=0
		/sonde run /progs/hello.bpf.o 2>/tmp/err || status=$?
		echo $status >/tmp/status
	} | :
	[ "$(cat /tmp/status)" = 0 ]
	[ "$(lines /tmp/err '')" = 1 ]
}

killed_while_busy() {
	begin /progs/hello.bpf.o
	/act exec 0 200 /bin/true >/dev/null &
	noise=$!
	usleep 100000
	status=0
	end KILL || status=$?
	[ $status = 137 ]
	wait $noise
}

# ---- plans, privileges, --ready-fd ----

# The object is deleted before the plan runs.
saved_plan() {
	cp "/progs/$1.bpf.o" /tmp/object.bpf.o
	/sonde plan /tmp/object.bpf.o -o /tmp/plan
	rm /tmp/object.bpf.o
	"$1_text" /tmp/plan
	rm /tmp/plan
}

# ---- contents of records ----

four_records() {
	[ "$(lines /tmp/out "^(\{pid = )?$pid[ ,]|\"pid\":$pid,")" = 4 ]
}

# watch_contents ARGUMENT…: a process in a cgroup with an odd name opens two files while
# `sonde run ARGUMENT…` watches only it. Its pid is $pid.
watch_contents() {
	mount -t cgroup2 none /tmp/cgroup
	odd=$(printf '/tmp/cgroup/a\033[2Jb')
	mkdir "$odd"
	echo x >/tmp/here
	rm -f /tmp/missing
	# Its functions have names only while it is there.
	start sh -c 'echo ready; read go; true </tmp/here; true </tmp/missing; read go'
	soon grep -q ready /tmp/said
	echo "$pid" >"$odd/cgroup.procs"
	begin "$@" --set only_pid="$pid"
	echo >/tmp/go
	soon "${seen:-four_records}"
	let_go
	end
	rmdir "$odd"
	umount /tmp/cgroup
}

contents_text() {
	mkdir -p /tmp/cgroup
	watch_contents "$@"
	dev="0:$(stat -c %d /)" kernel='[a-z_0-9.]* < .*'
	case $(uname -r) in
	5.*) kernel=-14 ;; # EFAULT: none at the end of a system call
	esac
	time='\+[0-9]+\.[0-9]{6}' took='[0-9.]+ [num]?s' group='/a\\x1b\[2Jb'
	[ "$(lines /tmp/out '^PID +RET +AT +TOOK +TOOK_US +HOW +GROUP +CGROUP_ID +WHERE.SINCE_BOOT ')" -ge 1 ]
	for ret in "[0-9]+ +$time +$took +$took +HOW_TRIED\|HOW_KNOWN" \
		"-2 ENOENT +$time +$took +$took +HOW_TRIED\|HOW_FAILED"; do
		[ "$(lines /tmp/out "^$pid +$ret +$group +$group +$time +$dev +.*busybox\+0x")" = 1 ]
	done
	# The records whose type is inferred from the code.
	grep -qE "^\{pid = $pid, ret = -2 ENOENT, at = $time, took = $took, took_us = $took, how = 5, group = $group, cgroup_id = $group, kstack = $kernel, user_id = busybox\+0x[^,]*, since_boot = $time, dev = $dev, .*callers = busybox\+0x[^,]*, end = $time" /tmp/out
}

# Numbers remain numbers.
contents_json() {
	mkdir -p /tmp/cgroup
	watch_contents "$@" --json
	for map in typed inferred; do
		grep "^{\"map\":\"$map\",\"pid\":$pid,\"ret\":-2,\"at\":[0-9]*,\"took\":[0-9]*,\"took_us\":[0-9]*," \
			/tmp/out >/tmp/line
		[ "$(wc -l </tmp/line)" = 1 ]
		grep -qE '"group":[0-9]+,"cgroup_id":[0-9]+,"kstack":\[.*\],"user_id":\["busybox\+0x' /tmp/line
		grep -qE '"callers":\["busybox\+0x' /tmp/line
	done
	grep -q '"how":"HOW_TRIED|HOW_FAILED"' /tmp/out
}

a_second() {
	sleep 1
}

# With --folded, nothing is written before the end.
contents_folded() {
	mkdir -p /tmp/cgroup
	seen=a_second watch_contents /progs/contents.bpf.o --folded
	[ "$(awk '{ n += $NF } END { print n }' /tmp/out)" = 4 ]
	[ "$(lines /tmp/out '^sh;.*busybox\+0x.* [0-9]+$')" = "$(lines /tmp/out '')" ]
	case $(uname -r) in
	5.*) ;;
	*) [ "$(lines /tmp/out ';[a-z_0-9.]*syscall[a-z_0-9.]*[; ]')" -ge 1 ] ;;
	esac
}

contents_saved() {
	/sonde plan /progs/contents.bpf.o -o /tmp/plan
	contents_text /tmp/plan
	rm /tmp/plan
}

# 64 KiB, to which 5.10 also charges maps; root may raise the limit.
little_memory() (
	ulimit -l 64
	"$1_text" "/progs/$1.bpf.o"
)

# Prints the bytes of a page.
page_size() {
	awk '/^KernelPageSize:/ { print $2 * 1024; exit }' /proc/self/smaps
}

# Ring buffers are as large as the machine's pages require, wherever the plan was made.
pages() {
	begin "$@" --json
	/act exec 0 500 /bin/true >/tmp/pids
	first=$(head -n 1 /tmp/pids) last=$(tail -n 1 /tmp/pids)
	soon grep -q "\"map\":\"ring\",\"pid\":$last," /tmp/out
	soon grep -q "\"map\":\"perf\",\"pid\":$last," /tmp/out
	awk '/^map_type:/ { ring = $2 == 27 } ring && /^max_entries:/ { print $2 }' \
		/proc/"$sonde"/fdinfo/* >/tmp/sizes
	end
	[ "$(cat /tmp/sizes)" = "$(page_size)" ]
	for map in ring perf; do
		[ "$(lines /tmp/out "\"map\":\"$map\",\"pid\":$first,")" = 1 ]
	done
}

# with_rights MASK COMMAND…: as an ordinary user with these capabilities, with tracefs mounted.
with_rights() {
	rights=$1
	shift
	mount -t tracefs none /sys/kernel/tracing
	status=0
	/act as 1000 "$rights" "$@" >/tmp/out 2>/tmp/err || status=$?
	umount /sys/kernel/tracing
}

# execcount requires CAP_PERFMON, CAP_BPF, CAP_DAC_READ_SEARCH for tracefs, and before 5.11
# CAP_SYS_RESOURCE to raise RLIMIT_MEMLOCK.
tracing=$((1 << 38 | 1 << 39 | 1 << 2))
least=$((tracing | 1 << 24))

least_rights() {
	echo 2 >/proc/sys/kernel/perf_event_paranoid
	with_rights $least /sonde run /progs/execcount.bpf.o --for 100ms
	[ "$status $(lines /tmp/err '')" = "0 1" ]
}

# Level 3 of Debian's perf_event_paranoid requires CAP_SYS_ADMIN.
paranoid() {
	echo 3 >/proc/sys/kernel/perf_event_paranoid
	with_rights $least /sonde run /progs/execcount.bpf.o --for 100ms
	[ "$status" = 1 ]
	grep -q '^sonde: .*: attach: perf_event_open: EACCES' /tmp/err
	grep -q '^hint: kernel.perf_event_paranoid is 3' /tmp/err
}

# The kernel only returns EPERM.
little_memory_for_good() (
	echo 2 >/proc/sys/kernel/perf_event_paranoid
	ulimit -l 64
	with_rights $tracing /sonde run /progs/execcount.bpf.o --for 100ms
	case $(uname -r) in
	5.10.*)
		[ "$status" = 1 ]
		grep -q "^sonde: .*: map 'exec_count': create: BPF_MAP_CREATE: EPERM" /tmp/err
		grep -q '^hint: .*ulimit -l' /tmp/err
		;;
	*) [ "$status" = 0 ] ;;
	esac
)

no_rights() {
	for object in execcount hello smoke; do
		refused /act as 1000 0 /sonde run /progs/$object.bpf.o --for 5s
		grep -q "^sonde: /progs/$object.bpf.o: " /tmp/err
		grep -q '^hint: .*CAP_BPF.*CAP_PERFMON' /tmp/err
	done
}

# It cannot be read, and mounting it requires more privileges.
no_tracefs() {
	refused /act as 1000 $least /sonde run /progs/execcount.bpf.o --for 5s
	grep -q 'tracefs is not mounted, and mounting it requires CAP_SYS_ADMIN' /tmp/err
	grep -q '^hint: as root: mount -t tracefs' /tmp/err
}

plan_without_rights() {
	/sonde plan /progs/execcount.bpf.o >/tmp/by-root
	/act as 1000 0 /sonde plan /progs/execcount.bpf.o >/tmp/by-nobody
	cmp /tmp/by-root /tmp/by-nobody
}

# As many steps take a fallback as the table says for this release.
plan_for_this_kernel() {
	/sonde plan --for "$(uname -r)" /progs/execcount.bpf.o >/tmp/table
	! grep -q '^fails' /tmp/table
	/sonde run -v --for 1ms /progs/execcount.bpf.o >/tmp/out 2>/tmp/calls
	planned=$(grep -cE '^  [a-z]+, .* [a-z-]$' /tmp/table) || true
	[ "$planned" = "$(grep -c ' = -1 E' /tmp/calls)" ]
	case $(uname -r) in
	5.10.*) [ "$planned" = 1 ] ;;
	esac
}

# ---- C programs of sonde emit-c ----

# watched COMMAND…: attaches, sees three programs start, ends; its output is in /tmp/out. The shell starts no
# others: "read" waits for the line that says it is attached.
watched() {
	rm -f /tmp/fifo
	mkfifo /tmp/fifo
	exec 5<>/tmp/fifo
	"$@" >/tmp/out 2>/tmp/fifo &
	pid=$!
	while read -r line <&5; do
		case $line in *"Ctrl-C to stop"*) break ;; esac
	done
	for _ in 1 2 3; do /bin/busybox cat /dev/null; done
	kill -TERM $pid
	wait $pid
	exec 5>&-
}

emitted_map() {
	watched /sonde run /progs/execcount.bpf.o --every 1h
	cp /tmp/out /tmp/of-sonde
	watched /c/execcount
	cmp /tmp/out /tmp/of-sonde
	[ "$(grep -cE '^ *0 +3$' /tmp/out)" = 1 ]
	! /sonde ps | grep execcount
}

emitted_lines() {
	watched /sonde run /progs/hello.bpf.o
	sed 's/[0-9][0-9]*  */N /; s/[0-9][0-9]*/N/g' /tmp/out >/tmp/of-sonde
	watched /c/hello
	sed 's/[0-9][0-9]*  */N /; s/[0-9][0-9]*/N/g' /tmp/out | cmp - /tmp/of-sonde
	[ "$(grep -c 'execve by sh' /tmp/out)" = 3 ]
}

# Both see the same records: hello is built with musl, which calls open(2).
emitted_records() {
	/sonde run /progs/c06_opentap.bpf.o >/tmp/of-sonde 2>/tmp/err &
	sonde=$!
	until grep -q Ctrl-C /tmp/err; do sleep 0.1; done
	/c/c06_opentap >/tmp/of-c 2>/tmp/err.c &
	emitted=$!
	until grep -q Ctrl-C /tmp/err.c; do sleep 0.1; done
	/c/hello >/dev/null 2>/tmp/err.hello &
	opener=$!
	until grep -q Ctrl-C /tmp/err.hello; do sleep 0.1; done
	kill -TERM $opener
	wait $opener
	sleep 0.3
	kill -TERM $emitted $sonde
	wait $emitted
	wait $sonde
	for out in of-sonde of-c; do grep -E '^PID| hello ' /tmp/$out >/tmp/$out.hello; done
	cmp /tmp/of-sonde.hello /tmp/of-c.hello
	grep -q '/sys/kernel/tracing/events/syscalls/sys_enter_execve/id$' /tmp/of-c.hello
}

# Exactly a newline once everything is attached, and nothing on failure.
ready() {
	rm -f /tmp/bytes
	/sonde run /progs/execcount.bpf.o --for 10ms --ready-fd 7 >/tmp/out 2>/tmp/err 7>/tmp/bytes
	[ "$(od -An -c /tmp/bytes | tr -d ' ')" = '\n' ]
	/act as 1000 0 /sonde run /progs/execcount.bpf.o --ready-fd 7 2>/tmp/err 7>/tmp/bytes || :
	[ ! -s /tmp/bytes ]
}

only_root_mounted() {
	mount -t proc proc /proc
	[ "$(cut -d' ' -f 2,3 /proc/mounts)" = '/ rootfs
/proc proc' ]
	umount /proc
}

# ---- proofs ----

proof "bare: execcount" execcount_text /progs/execcount.bpf.o
opensnoop "bare: "
proof "bare: hello" hello_line
proof "bare: hello, packed" hello_packed
proof "bare: no mounts remain" only_root_mounted

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev

proof "execcount, text" execcount_text /progs/execcount.bpf.o
proof "execcount, JSON" execcount_json /progs/execcount.bpf.o
proof "execcount, several tables" execcount_again
opensnoop
proof "hello" hello_line
proof "hello with other writers of the trace buffer" hello_alone
proof "hello takes no lines from cat" hello_leaves_the_pipe cat
proof "hello takes no lines from sonde trace" hello_leaves_the_pipe sonde
proof "trace mounts tracefs" trace_pipe "tracefs (private mount)"
proof "trace uses a mounted tracefs" trace_ends
if has CONFIG_KPROBE_EVENTS; then
	proof "smoke runs" smoke_runs
else
	proof "smoke is rejected without kprobes" smoke_is_refused
fi
for signal in INT TERM HUP KILL; do
	proof "ended by SIG$signal" ends_by $signal
done
proof "the reader of its output exits" reader_goes
proof "nobody reads its output" nobody_reads
proof "killed while lines arrive" killed_while_busy
proof "a saved plan of execcount" saved_plan execcount
proof "a saved plan of opensnoop" saved_plan opensnoop
proof "opensnoop, packed with sonde" opensnoop_packed_full
if [ $types ]; then
	proof "the records of tracefs are those of BTF" layouts_of_tracefs
	proof "contents of records, text" contents_text /progs/contents.bpf.o
	proof "contents of records, JSON" contents_json /progs/contents.bpf.o
	proof "contents of records, a saved plan" contents_saved
	proof "stacks of records, folded" contents_folded
fi
proof "a ring buffer and a perf buffer" pages /progs/pages.bpf.o
proof "a plan made on another machine" pages /progs/elsewhere.plan
proof "execcount with ulimit -l 64" little_memory execcount
proof "opensnoop with ulimit -l 64" little_memory opensnoop
proof "ulimit -l 64 that cannot be raised" little_memory_for_good
proof "unprivileged: the error names the missing privileges" no_rights
proof "the minimum capabilities" least_rights
proof "the minimum capabilities, kernel.perf_event_paranoid=3" paranoid
proof "no privilege to mount tracefs" no_tracefs
proof "planning needs no privileges" plan_without_rights
proof "the fallbacks of this kernel are foreseen" plan_for_this_kernel
if [ -e /c ]; then
	mount -t tracefs none /sys/kernel/tracing
	proof "a C program shows the same map" emitted_map
	proof "a C program shows the same lines of bpf_printk" emitted_lines
	proof "a C program shows the same records" emitted_records
	umount /sys/kernel/tracing
fi
proof "--ready-fd" ready
echo "1..$number"

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# The output of the course's tools on this kernel. The events come from work, whose function names must
# appear.
# shellcheck source=../guest/lib.sh source-path=SCRIPTDIR
# shellcheck disable=SC1091,SC2119,SC2154 # the signal of end is optional
. /lib.sh

mkdir -p /dev/pts
mount -t devpts none /dev/pts

# worked PROGRAM ARGUMENT…: starts PROGRAM, which reads lines from /tmp/go, sets $pid and waits until it
# runs, which may take a while on a loaded host. over: ends it.
worked() {
	rm -f /tmp/go
	mkfifo /tmp/go
	: >/tmp/said
	"$@" <>/tmp/go >/tmp/said &
	pid=$!
	soon grep -q pid /tmp/said
}
over() {
	kill "$pid" 2>/dev/null || true
	wait "$pid" || true
}

# during SECONDS WORK ARGUMENT… -- ARGUMENT…: runs `sonde run` with the second ARGUMENTs while WORK
# runs.
during() {
	seconds=$1 work=''
	shift
	while [ "$1" != -- ]; do
		work="$work $1"
		shift
	done
	shift
	# shellcheck disable=SC2086
	worked $work
	begin "$@" --for "$seconds"s
	wait "$sonde"
	rm /tmp/pid
	over
}

# share REGEX (with [.] for \.): the percentage of matching samples among the folded stacks of the
# program that REGEX begins with. The share of all samples would depend on the load of the host.
share() {
	awk -v regex="$1" -v program="${1%%;*};" '$0 ~ program { all += $NF } $0 ~ regex { part += $NF }
		END { print all ? int(100 * part / all) : 0 }' /tmp/out
}

# on_terminal ARGUMENT…: runs `sonde run` on a terminal of 80 columns. No line may be longer or end in
# blanks.
on_terminal() {
	[ -e /tmp/ready ] || mkfifo /tmp/ready
	/work tty /sonde run "$@" --ready-fd 3 >/tmp/out 2>/tmp/err 3<>/tmp/ready
	rm /tmp/ready
	tr -d '\r' </tmp/out >/tmp/shown
	cat /tmp/shown
	[ "$(awk 'length > 80' /tmp/shown | wc -l)" = 0 ]
	[ "$(grep -c ' $' /tmp/shown)" = 0 ]
}

shows() {
	grep -qE "$1" /tmp/shown
}

# once_ready COMMAND…: runs COMMAND when on_terminal has everything attached, then interrupts sonde as
# Ctrl-C does.
once_ready() {
	rm -f /tmp/ready
	mkfifo /tmp/ready
	(
		read -r _ </tmp/ready
		"$@" >/tmp/said 2>/dev/null
		usleep 500000
		killall -INT sonde
	) &
}

# ---- stacks ----

# A busy process dominates the profile, with its function names in order.
profile() {
	during 2 /work spin 20 -- /progs/cpuprof.bpf.o
	[ "$(share '^work;.*main;.*call_spin;spin_here')" -ge 50 ]
	# Each line is a stack and a count.
	[ "$(lines /tmp/out '^[^ ].* [0-9]+$')" = "$(wc -l </tmp/out)" ]
}

# With a library that has only dynamic symbols.
profile_dynamic() {
	during 2 /work.dyn spin 20 -- /progs/cpuprof.bpf.o
	[ "$(share '^work[.]dyn;.*libc[.]so[.]6.*;main;.*call_spin;spin_here')" -ge 50 ]
}

# Without symbols: the file and the offset in it.
profile_stripped() {
	during 2 /work.stripped spin 20 -- /progs/cpuprof.bpf.o
	[ "$(share '^work[.]stripped;.*work[.]stripped[+]0x[0-9a-f]+')" -ge 50 ]
}

# The file is deleted while the process runs.
profile_deleted() {
	cp /work /tmp/gone
	worked /tmp/gone spin 20
	rm /tmp/gone
	begin /progs/cpuprof.bpf.o --for 2s
	wait "$sonde"
	rm /tmp/pid
	over
	[ "$(share '^gone;.*call_spin;spin_here')" -ge 50 ]
}

# The process exits long before its addresses are resolved.
profile_ended() {
	begin /progs/cpuprof.bpf.o --every 1h
	worked /work spin 2
	wait "$pid"
	end
	[ "$(share '^work;.*call_spin;spin_here')" -ge 50 ]
}

profile_json() {
	during 2 /work spin 20 -- /progs/cpuprof.bpf.o --json --every 1h
	grep -qE "\"pid\":$pid,\"comm\":\"work\",\"kernel\":\[\],\"user\":\[\"spin_here\",\"call_spin\",.*\"main\"" /tmp/out
}

profile_terminal() {
	worked /work spin 20
	on_terminal /progs/cpuprof.bpf.o --for 2s --every 1h
	over
	shows '^samples: [0-9]+ in [0-9]+ stacks?$'
	# The innermost function is at the top.
	sed -n '/%   work$/{p;n;p;n;p;n;p}' /tmp/shown | sed 's/.* //' | tr '\n' ' ' |
		grep -q 'work spin_here call_spin spin '
	# The most frequent stack comes first.
	sed -n 's/^ *\([0-9]*\)  *[0-9.]*%   .*/\1/p' /tmp/shown >/tmp/weights
	sort -rn /tmp/weights | cmp - /tmp/weights
}

# Without a cycle counter, a note says so and cpu-clock is used. The arm64 machine has one.
cycles() {
	notes=1
	[ "$VM_TARGET" != arm64-6.12 ] || notes=0
	during 2 /work spin 20 -- /progs/cpuprof.bpf.o --on cpuprof=cycles:49
	[ "$(grep -c '^note: .* this machine does not count cycles: sampling by cpu-clock' /tmp/err)" = $notes ]
	[ "$(share '^work;.*call_spin;spin_here')" -ge 50 ]
}

waiting() {
	before=$(cut -d ' ' -f 1 /proc/uptime | tr -d .)
	during 2 /work sleep 60 -- /progs/offcpu.bpf.o
	us=$(sed -n 's/^work;.*;naps;sleep_here;.*nanosleep.*;schedule;__schedule \([0-9]*\)$/\1/p' /tmp/out |
		head -n 1)
	[ "$us" -ge 1000000 ]
	[ "$us" -le $((($(cut -d ' ' -f 1 /proc/uptime | tr -d .) - before + 1) * 10000)) ]
	# Without frames of the tracing itself.
	[ "$(lines /tmp/out ';(bpf_prog_|bpf_trace_run|__bpf_trace|__traceiter)')" = 0 ]
}

# Ten allocations of 1000 bytes, five of which are freed.
leaks() {
	worked /work.dyn leak 10 1000
	set --
	for program in malloc_entry calloc_entry realloc_entry malloc_return calloc_return \
		realloc_return free_entry; do
		set -- "$@" --on "$program=@$pid"
	done
	begin /progs/memleak.bpf.o "$@"
	echo >/tmp/go
	soon grep -q leaked /tmp/said
	end
	echo >/tmp/go
	wait "$pid"
	[ "$(lines /tmp/out '^work\.dyn;.*main;leak;leak_here 5000$')" = 1 ]
	[ "$(wc -l </tmp/out)" = 1 ]
}

# ---- tables and histograms ----

connections() {
	once_ready /work connect 7777
	on_terminal /progs/tcpconnect.bpf.o
	pid=$(sed -n 's/^pid //p' /tmp/said)
	shows '^PID    COMM             IP  SADDR           DADDR           DPORT$'
	shows "^$pid +work +4 +127\.0\.0\.1 +127\.0\.0\.1 +7777$"
	shows "^$pid +work +6 +::1 +::1 +7777$"
}

disk_top() {
	once_ready /work write 262144 /dev/nullb0
	on_terminal /progs/biotop.bpf.o --every 1h
	pid=$(sed -n 's/^pid //p' /tmp/said)
	shows '^ *PID +COMM +DISK +OP +BYTES +REQUESTS +TOOK$'
	shows "^ *$pid +work +[0-9]+:0 +W +262144 +64 +[0-9.]+ [nmu]?s$"
}

disk_latency() {
	once_ready /work write 262144 /dev/nullb0
	on_terminal /progs/biolat.bpf.o --every 1h
	shows '^microseconds: 64 values in us$'
	shows '^FROM  BELOW  COUNT$'
	[ "$(awk '/^ +[0-9]+K? +[0-9]+[KM]? +[0-9]+( +#+)?$/ { n += $3 } END { print n }' /tmp/shown)" = 64 ]
}

# One histogram per program and call.
read_latency() {
	once_ready dd if=/sonde of=/dev/null bs=1024 count=64
	on_terminal /progs/rwlat.bpf.o --every 1h
	shows '^latency: [0-9]+ values in us$'
	shows '^COMM dd, CALL read: 6[4-9] values$'
	shows '^COMM dd, CALL write: 6[4-9] values$'
	shows '^  FROM  BELOW  COUNT$'
}

allocation_sizes() {
	worked /work.dyn leak 10 1000
	once_ready sh -c 'echo >/tmp/go'
	on_terminal /progs/mallocsize.bpf.o --every 1h
	echo >/tmp/go
	wait "$pid"
	shows '^requests: 1[0-9] values in bytes$'
	shows '^ 512     1K     10  #+$'
}

# The total, and with -v the value of each CPU.
counts() {
	once_ready /work open 500 /dev/null
	on_terminal /progs/sysbycomm.bpf.o --every 1h
	shows '^COMM +TOTAL$'
	n=$(sed -n 's/^work  *\([0-9]*\)$/\1/p' /tmp/shown)
	[ "$n" -ge 1000 ]
	[ "$n" -le 1100 ]
	/sonde run /progs/sysbycomm.bpf.o -v --for 1s --every 1h >/tmp/shown 2>/tmp/err
	shows '^COMM +TOTAL +CPU0( +CPU1)?$'
}

rates() {
	worked /work open 10000000 /dev/null
	once_ready soon grep -qE '\+[0-9]+/s' /tmp/out
	on_terminal /progs/sysbycomm.bpf.o --every 1s
	over
	shows '^work +[0-9]+ +\+[0-9]+/s$'
}

# A kernel address is shown as function and offset.
addresses() {
	once_ready /work open 50 /proc/self/maps
	on_terminal /progs/kmallocsum.bpf.o --every 1h
	shows '^FUNCTION +BYTES +CALLS$'
	shows '^proc_self_get_link\+0x[0-9a-f]+ +[0-9]+ +5[0-9]$'
}

commands() {
	once_ready /sonde run /progs/execcount.bpf.o --for 100ms
	on_terminal /progs/bpfcalls.bpf.o --every 1h
	shows '^ *PID +COMM +CMD +VALUE$'
	shows '^ *[0-9]+ +sonde +MAP_CREATE +[0-9]+$'
}

# ---- skipped runs ----

# For each read, rwlat deletes an entry, which runs the program `again`. The program deletes an entry
# itself, and for that the kernel skips it.
left_out() {
	mkfifo /tmp/first
	/sonde run /progs/rwlat.bpf.o --ready-fd 3 >/dev/null 2>&1 3>/tmp/first &
	reader=$!
	read -r _ </tmp/first
	begin /progs/again.bpf.o --map .bss --every 1h
	dd if=/sonde of=/dev/null bs=1024 count=64 2>/dev/null
	end
	kill $reader
	wait $reader
	[ "$(sed -n 's/^  runs = \([0-9]*\)$/\1/p' /tmp/out)" -ge 64 ]
	misses=$(sed -n "s/^note: program 'again' was skipped \([0-9]*\) times: .*/\1/p" /tmp/err)
	[ "$misses" -ge 64 ]
}

# ---- CPUs ----

# A plan made for a machine with one CPU samples both of this one.
plan_for_one_cpu() {
	mkdir /tmp/one
	uname -r >/tmp/one/release
	uname -m >/tmp/one/machine
	/sonde plan -v --target /tmp/one /progs/everycpu.bpf.o >/tmp/plan
	[ "$(grep -c ': sample CPU 0$' /tmp/plan)" -ge 1 ]
	! grep 'CPU 1' /tmp/plan
	grep -qE '^ +max_entries +1$' /tmp/plan
	/sonde plan --target /tmp/one -o /tmp/saved /progs/everycpu.bpf.o
	begin /tmp/saved --json --for 2s
	wait "$sonde"
	rm -r /tmp/one /tmp/pid /tmp/saved
	[ "$(lines /tmp/out '"cpu":0\}')" -ge 1 ]
	[ "$(lines /tmp/out '"cpu":1\}')" -ge 1 ]
}

# A CPU that was offline is sampled and read again.
cpu_comes_back() {
	cpu=/sys/devices/system/cpu/cpu1/online
	begin /progs/everycpu.bpf.o --json
	echo 0 >$cpu
	soon grep -q '^note: CPU 1 went offline$' /tmp/err
	before=$(lines /tmp/out '"cpu":1\}')
	echo 1 >$cpu
	soon grep -q '^note: CPU 1 came online$' /tmp/err
	more() {
		[ "$(lines /tmp/out '"cpu":1\}')" -gt "$before" ]
	}
	soon more
	end
}

# Perf events of tracepoints need a CPU that is online, any of them.
cpu_0_offline() {
	echo 0 >/sys/devices/system/cpu/cpu0/online
	good=1
	begin /progs/everycpu.bpf.o --json --for 1s && wait "$sonde" &&
		[ "$(lines /tmp/out '"cpu":0\}')" = 0 ] &&
		[ "$(lines /tmp/out '"cpu":1\}')" -ge 1 ] &&
		rm /tmp/pid && begin /progs/execcount.bpf.o --for 100ms && wait "$sonde" && good=
	echo 1 >/sys/devices/system/cpu/cpu0/online
	rm /tmp/pid
	[ ! $good ]
}

# ---- writing maps ----

# dumps MAP LINE…: what dump prints after the title and the headings, blanks aside.
dumps() {
	/sonde map dump "/tmp/bpf/v/map/$1" | tail -n +3 | tr -s ' ' | sed 's/^ //' >/tmp/shown
	shift
	printf '%s\n' "$@" >/tmp/expected
	diff /tmp/expected /tmp/shown
}

# id_of NAME: the id of the pinned program, or of the pinned map, as a value of a map shows it.
id_of() {
	/sonde map set "/tmp/bpf/v/map/$1" 1 "/tmp/bpf/v/$2"
	/sonde map dump "/tmp/bpf/v/map/$1" --json | sed -n 's/.*"key":1,"value":\([0-9]*\)}/\1/p'
}

# Members of each CPU, programs and maps by pin and id, prefixes.
written_maps() {
	mkdir /tmp/bpf
	mount -t bpf bpf /tmp/bpf
	/sonde load /progs/values.bpf.o --pin /tmp/bpf/v
	set=/tmp/bpf/v/map
	/sonde map set $set/each -2 a=1,b=2 --cpu 0
	/sonde map set $set/each -2 a=10,b=20 --cpu 1
	/sonde map set $set/each -2 b=7
	/sonde map get $set/each -2 --json | grep -q '"cpus":\[{"a":1,"b":7},{"a":10,"b":7}'
	refused /sonde map set $set/each -2 a=1 --cpu 5000
	/sonde map delete $set/each -2
	target=$(id_of jumps prog/target)
	/sonde map set $set/jumps 2 "$target"
	dumps jumps "1 $target" "2 $target"
	refused /sonde map set $set/jumps 0 /tmp/bpf/v/prog/egress
	grep -q '^hint: all programs of the map must have the same type' /tmp/err
	first=$(id_of list map/first)
	/sonde map set $set/list 0 second
	/sonde map set $set/table 5 "$first"
	dumps table "5 $first"
	[ "$(/sonde map dump $set/list | wc -l)" = 4 ]
	refused /sonde map set $set/list 2 $set/jumps
	/sonde map set $set/routes 10.1.0.0/16 5
	/sonde map set $set/routes 10.1.2.0/24 -1
	/sonde map get $set/routes 10.1.2.3 | grep -q 4294967295
	/sonde map delete $set/routes 10.1.0.0/16
	dumps routes '10.1.2.0/24 4294967295'
	/sonde map set $set/ports 1 ifindex=1
	/sonde map set $set/ports 1 prog=/tmp/bpf/v/prog/egress
	/sonde map get $set/ports 1 --json >/tmp/port
	grep -q '"value":{"ifindex":1,"prog":[1-9]' /tmp/port
	/sonde map set $set/ports 1 ifindex=1
	/sonde map get $set/ports 1 --json | cmp - /tmp/port
	/sonde map set $set/queues 0 "{qsize = 64, prog = /tmp/bpf/v/prog/remote}"
	/sonde map dump $set/queues | grep -q ' 64 *[1-9]'
	/sonde map delete $set/jumps 1
	rm -r /tmp/bpf/v
	umount /tmp/bpf
	rmdir /tmp/bpf
}

# This proof comes first: after others, the emulated arm64 (6.12) occasionally runs no probe of
# raw_syscalls, neither our program nor ftrace events, until the next attach.
proof "rates" rates
proof "maps are written" written_maps
proof "a profile, folded" profile
proof "a profile of a stripped program" profile_stripped
proof "a profile of a deleted executable" profile_deleted
proof "a profile of an exited process" profile_ended
proof "a profile as JSON" profile_json
proof "a profile on a terminal" profile_terminal
proof "no hardware cycle counter" cycles
proof "off-CPU time" waiting
proof "TCP connections" connections
proof "disk I/O by process" disk_top
proof "disk latency" disk_latency
proof "read and write latency" read_latency
proof "counts per CPU" counts
proof "kernel addresses" addresses
proof "an enum as key" commands
proof "a saved plan fits itself to the number of CPUs" plan_for_one_cpu
proof "a CPU goes offline and comes back" cpu_comes_back
# On x86, CPU 0 can't go offline any more (6.5), or only on Intel's.
[ ! -e /sys/devices/system/cpu/cpu0/online ] || proof "CPU 0 is offline" cpu_0_offline
# Before Linux 5.12, nothing prevents the recursion, and the stack overflows.
[ "$VM_TARGET" = x86-5.10 ] || proof "skipped runs are reported" left_out
# With a shared C library.
if [ -e /work.dyn ]; then
	proof "a profile of a position-independent program" profile_dynamic
	proof "memory leaks" leaks
	proof "allocation sizes" allocation_sizes
fi
echo "1..$number"

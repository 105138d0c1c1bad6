# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# How the tools of the course show what they find, on this kernel. What they see is made by work,
# whose functions have names that are looked for.
# shellcheck source=../guest/lib.sh source-path=SCRIPTDIR
# shellcheck disable=SC1091,SC2119,SC2154 # the signal of end is optional
. /lib.sh

mkdir -p /dev/pts
mount -t devpts none /dev/pts

# worked PROGRAM ARGUMENT…: runs it until it is over; its pid is $pid, it reads lines from /tmp/go. On a
# busy host it may take its time to begin.
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

# during SECONDS WORK ARGUMENT… -- ARGUMENT…: `sonde run` with these while that goes on.
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

# share REGEX (with [.] for \.): of the folded stacks of the program that it begins with, the share of
# those that match, in percent. How much of all that is depends on how busy the host is.
share() {
	awk -v regex="$1" -v program="${1%%;*};" '$0 ~ program { all += $NF } $0 ~ regex { part += $NF }
		END { print all ? int(100 * part / all) : 0 }' /tmp/out
}

# on_terminal ARGUMENT…: `sonde run` there. It has 80 columns: no line is longer, none ends in blanks.
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

# once_ready COMMAND…: once on_terminal has all attached; after that it ends, as by Ctrl-C.
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

# What computes all the time is most of the profile, and its functions have their names, in order.
profile() {
	during 2 /work spin 20 -- /progs/cpuprof.bpf.o
	[ "$(share '^work;.*main;.*call_spin;spin_here')" -ge 50 ]
	# Each line is a stack and a number, nothing else.
	[ "$(lines /tmp/out '^[^ ].* [0-9]+$')" = "$(wc -l </tmp/out)" ]
}

# With a library of which only the exported names are known.
profile_dynamic() {
	during 2 /work.dyn spin 20 -- /progs/cpuprof.bpf.o
	[ "$(share '^work[.]dyn;.*libc[.]so[.]6.*;main;.*call_spin;spin_here')" -ge 50 ]
}

# Without names: the file, and the address that it has in there.
profile_stripped() {
	during 2 /work.stripped spin 20 -- /progs/cpuprof.bpf.o
	[ "$(share '^work[.]stripped;.*work[.]stripped[+]0x[0-9a-f]+')" -ge 50 ]
}

# The file is gone, the process is not.
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

# It has ended long before anybody asks for names.
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
	# What runs is at the top.
	sed -n '/%   work$/{p;n;p;n;p;n;p}' /tmp/shown | sed 's/.* //' | tr '\n' ' ' |
		grep -q 'work spin_here call_spin spin '
	# The heaviest comes first.
	sed -n 's/^ *\([0-9]*\)  *[0-9.]*%   .*/\1/p' /tmp/shown >/tmp/weights
	sort -rn /tmp/weights | cmp - /tmp/weights
}

# A machine that counts no cycles says so and samples by its clock. That of arm64 counts them.
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
	# Nothing of the tracing itself.
	[ "$(lines /tmp/out ';(bpf_prog_|bpf_trace_run|__bpf_trace|__traceiter)')" = 0 ]
}

# Ten times 1000 bytes, of which five are given back.
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

# ---- tables and distributions ----

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

# One distribution for each program and call.
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

# The sum, and with -v each CPU's part.
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

# Of an address in the kernel the function, and how far into it.
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

# ---- what was left out ----

# Each reading of rwlat deletes an entry, at which the program runs and, for its own deleting, should
# run again.
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

# ---- writing maps ----

# holds MAP LINE…: what dump prints after the title and the headings, blanks aside.
holds() {
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
	holds jumps "1 $target" "2 $target"
	refused /sonde map set $set/jumps 0 /tmp/bpf/v/prog/egress
	grep -q '^hint: all programs of the map must have the same type' /tmp/err
	first=$(id_of list map/first)
	/sonde map set $set/list 0 second
	/sonde map set $set/table 5 "$first"
	holds table "5 $first"
	[ "$(/sonde map dump $set/list | wc -l)" = 4 ]
	refused /sonde map set $set/list 2 $set/jumps
	/sonde map set $set/routes 10.1.0.0/16 5
	/sonde map set $set/routes 10.1.2.0/24 -1
	/sonde map get $set/routes 10.1.2.3 | grep -q 4294967295
	/sonde map delete $set/routes 10.1.0.0/16
	holds routes '10.1.2.0/24 4294967295'
	/sonde map set $set/ports 1 ifindex=1
	/sonde map set $set/ports 1 prog=/tmp/bpf/v/prog/egress
	/sonde map get $set/ports 1 --json >/tmp/port
	grep -q '"value":{"ifindex":1,"prog":[1-9]' /tmp/port
	/sonde map set $set/ports 1 ifindex=1
	/sonde map get $set/ports 1 --json | cmp - /tmp/port
	/sonde map set $set/queues 0 "{qsize = 64, prog = /tmp/bpf/v/prog/remote}"
	/sonde map dump $set/queues | grep -q ' 64 *[1-9]'
	# With its programs, 5.10 may take minutes to free it.
	/sonde map delete $set/jumps 1
	/sonde map delete $set/jumps 2
	rm -r /tmp/bpf/v
	umount /tmp/bpf
	rmdir /tmp/bpf
}

# First: behind the others, the emulated arm64 (6.12) now and then runs no probe of raw_syscalls while
# one is attached, neither our program nor the kernel's own events (ftrace); the next attach works.
proof "rates" rates
proof "maps are written" written_maps
proof "a profile, folded" profile
proof "a profile of a stripped program" profile_stripped
proof "a profile of a file that is gone" profile_deleted
proof "a profile of a process that has ended" profile_ended
proof "a profile as JSON" profile_json
proof "a profile on a terminal" profile_terminal
proof "no cycles" cycles
proof "waiting" waiting
proof "connections" connections
proof "who uses the disks" disk_top
proof "how long disks take" disk_latency
proof "how long reading and writing takes" read_latency
proof "counts per CPU" counts
proof "addresses in the kernel" addresses
proof "an enum as key" commands
# Before Linux 5.12 nothing keeps such a program from running until the stack is full.
[ "$VM_TARGET" = x86-5.10 ] || proof "what was left out" left_out
# With a C library that is a file of its own.
if [ -e /work.dyn ]; then
	proof "a profile of a position-independent program" profile_dynamic
	proof "memory that is not given back" leaks
	proof "how much is allocated" allocation_sizes
fi
echo "1..$number"

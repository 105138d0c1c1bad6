# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2034,SC2154
#
# Examples 01 to 17.

# ---- 01 ----

runs_of() {
	grep -h '^run_cnt:' "/proc/$sonde/fdinfo"/* | awk '{ print $2 }'
}

smoke() {
	echo 1 >/proc/sys/kernel/bpf_stats_enabled
	begin "$1"
	before=$(runs_of)
	(:)
	(:)
	(:)
	after=$(runs_of)
	end
	echo 0 >/proc/sys/kernel/bpf_stats_enabled
	[ $((after - before)) -ge 3 ]
	grep -q "^note: .*'sys_clone'.*'__x64_sys_clone'" /tmp/err
}

row smoke smoke /progs/smoke.bpf.o
row c01_smoke smoke /course/c01_smoke.bpf.o

# ---- 02 ----

# 8 reads of 512 bytes, the newline that started them, and 3 failed reads.
readbytes() {
	start reads 8 512 /tmp/file
	begin "$1" --map read_stats
	go
	end
	one "\"key\":$pid,\"value\":\{\"count\":9,\"bytes\":4097\}"
}

# Two threads of one process: every read is either counted or a miss counted by the kernel, since a
# preempted program keeps others of its type from running on that CPU.
readbytes_threads() {
	begin "$1" --map read_stats
	act threads 3000 /tmp/file
	missed=$(grep -h '^recursion_misses:' "/proc/$sonde/fdinfo"/* | awk '{ n += $2 } END { print n + 0 }')
	end
	[ $(($(value count "\"key\":$pid,") + missed)) = 6000 ]
	[ "$(value bytes "\"key\":$pid,")" = "$(value count "\"key\":$pid,")" ]
}

row readbytes readbytes /progs/readbytes.bpf.o
row readbytes-threads readbytes_threads /progs/readbytes.bpf.o
row c02_readbytes readbytes /course/c02_readbytes.bpf.o

# ---- 03, 05, 11: frames from veth0 to v0 ----

# frames KIND COUNT ARRIVE: sends COUNT frames, of which ARRIVE must get through.
frames() {
	[ "$(/acts frames veth0 v0 "$1" "$2")" = "arrived $3" ]
}

xdpgate() {
	frames udp@192.168.1.100 3 3
	begin /progs/xdpgate.bpf.o --on xdpgate=v0 --map dropped
	frames arp 3 3
	frames ipv6 3 3
	frames udp 3 3
	frames udp@192.168.1.100 3 0
	end
	frames udp@192.168.1.100 3 3
	one '"map":"dropped".*"value":3[,}]'
}

# The course's version passes only IPv4.
c03() {
	begin /course/c03_xdpgate.bpf.o --on gate=v0
	frames arp 3 0
	frames ipv6 3 0
	frames udp 3 3
	frames udp@192.168.1.100 3 0
	end
	frames arp 3 3
}

row xdpgate xdpgate
row c03_xdpgate c03

synguard() {
	begin /progs/synguard.bpf.o --on synguard=v0 --set window_ns=100000000000
	frames syn@10.0.0.2 100 100
	frames syn@10.0.0.2 1 0
	frames syn@10.0.0.3 1 1
	frames synack@10.0.0.2 200 200
	end
	one '"key":"10.0.0.2","value":\{"window_start":[0-9]*,"count":101,"dropped":1\}'
	one '"key":"10.0.0.3","value":\{"window_start":[0-9]*,"count":1,"dropped":0\}'
}

# A source that was dropped passes again in the next window.
synguard_window() {
	seconds=${1-2}
	begin /progs/synguard.bpf.o --on synguard=v0 --set window_ns=${seconds}000000000 --set limit=1
	first=$(cut -d . -f 1 /proc/uptime)
	frames syn@10.0.0.2 1 1
	second=$(/acts frames veth0 v0 syn@10.0.0.2 1)
	if [ $(($(cut -d . -f 1 /proc/uptime) - first + 1)) -ge "$seconds" ]; then
		# Too slow for both to be certainly in one window.
		end
		synguard_window $((seconds * 4))
		return
	fi
	[ "$second" = 'arrived 0' ]
	sleep $((seconds + 1))
	frames syn@10.0.0.2 1 1
	end
}

c05() {
	begin /course/c05_synguard.bpf.o --on syn_guard=v0
	frames syn@10.0.0.2 100 100
	frames syn@10.0.0.2 1 0
	frames synack@10.0.0.2 200 200
	end
	one "\"key\":$((0x0200000a)),\"value\":101\}"
}

row synguard synguard
row synguard-window synguard_window
row c05_synguard c05

noping() {
	begin /progs/noping.bpf.o --on noping=v0
	frames ping 3 0
	frames unreach 3 3
	frames udp 3 3
	frames arp 3 3
	end
	frames ping 3 3
}

c11() {
	begin /course/c11_noping.bpf.o --on drop_icmp=v0
	frames ping 3 0
	frames unreach 3 0
	frames udp 3 3
	frames arp 3 3
	end
	frames ping 3 3
}

row noping noping
row c11_noping c11

# ---- 04 ----

# syslat OBJECT STATISTICS-MAP: system call 35 is nanosleep.
syslat() {
	begin "$1" --map events --map "$2"
	act sleep 20
	end
	one "\"map\":\"events\",\"pid\":$pid,\"nr\":35,.*\"comm\":\"acts\""
	[ "$(value '[a-z_]*ns' "\"pid\":$pid,\"nr\":35,")" -ge 20000000 ]
	[ "$(value count "\"map\":\"$2\",\"key\":35,")" = 1 ]
	[ "$(value min_ns "\"map\":\"$2\",\"key\":35,")" -ge 20000000 ]
	[ "$(value min_ns "\"map\":\"$2\",\"key\":35,")" -le \
		"$(value max_ns "\"map\":\"$2\",\"key\":35,")" ]
}

row syslat syslat /progs/syslat.bpf.o stats
row c04_syslat syslat /course/c04_syslat.bpf.o stats_map

# ---- 06 ----

opentap() {
	begin /progs/opentap.bpf.o
	act open /tmp/file /tmp/missing
	old=$pid
	act openat /tmp/file
	at=$pid
	act openat2 /tmp/file
	end
	one "\"pid\":$old,\"uid\":0,\"comm\":\"acts\",\"call\":\"OPEN\",.*\"/tmp/file\"\}"
	one "\"pid\":$old,.*\"call\":\"OPEN\",.*\"/tmp/missing\"\}"
	one "\"pid\":$at,.*\"call\":\"OPENAT\",.*\"/tmp/file\"\}"
	one "\"pid\":$pid,.*\"call\":\"OPENAT2\",.*\"/tmp/file\"\}"
}

c06() {
	begin /course/c06_opentap.bpf.o
	act open /tmp/file
	old=$pid
	act openat /tmp/file
	end
	one "\"pid\":$old,\"uid\":0,\"comm\":\"acts\",\"filename\":\"/tmp/file\",\"flags\":0"
	none "\"pid\":$pid,"
}

row opentap opentap
row c06_opentap c06

# ---- 07, 09 ----

tcptx() {
	begin /progs/tcptx.bpf.o
	act send 1234
	end
	[ "$(said sent)" = 1234 ]
	one "\"pid\":$pid,\"comm\":\"acts\",\"bytes\":1234\}"
}

c07() {
	begin /course/c07_tcptx.bpf.o
	act send 1234
	end
	one "\"pid\":$pid,.*\"message\":\"pid $pid sends 1234 bytes\"\}"
}

tcpfent() {
	begin /progs/tcpfent.bpf.o
	act send 1234
	end
	one "\"pid\":$pid,\"comm\":\"acts\",\"size\":1234,\"ret\":1234\}"
}

c09() {
	begin /course/c09_tcpfent.bpf.o
	act send 1234
	end
	[ "$(lines "\"message\":\".*$pid.*1234")" = 2 ]
}

row tcptx tcptx
row c07_tcptx c07
row tcpfent tcpfent
row c09_tcpfent c09

# ---- 08 ----

# Reads that fail with EBADF do not reach vfs_read(); the read of the start line entered it before the
# kprobe was attached.
vfstime() {
	start reads 12 4096 /tmp/file
	begin /progs/vfstime.bpf.o --set only_pid="$pid" --map events --map started
	go
	end
	[ "$(lines "\"pid\":$pid,\"us\":[0-9]*,\"ret\":4096\}")" = 12 ]
	[ "$(lines '"map":"events"')" = 12 ]
	none '"map":"started"'
}

c08() {
	start reads 1 4096 /tmp/file
	begin /course/c08_vfstime.bpf.o
	go
	end
	one "\"message\":\"vfs_read: pid $pid, [0-9]+ us, ret 4096\"\}"
}

row vfstime vfstime
row c08_vfstime c08

# ---- 10 ----

# Uses the build host's C library and a program linked to it.
mallocwatch() {
	starter=/acts.dyn
	start malloc 4242
	started
	begin /progs/mallocwatch.bpf.o --on malloc_entry=@"$pid" --on malloc_return=@"$pid"
	go
	end
	one "\"pid\":$pid,\"size\":4242,\"pointer\":\"$(said pointer)\"\}"
	[ "$(lines "\"pid\":$pid,")" = "$(lines '"pid":')" ]
}

c10() {
	starter=/acts.dyn
	start malloc 4242
	started
	begin /course/c10_mallocwatch.bpf.o --on malloc_entry=@"$pid" --on malloc_return=@"$pid"
	go
	end
	one "\"message\":\"malloc: pid $pid, size 4242\"\}"
	pointer=$(said pointer)
	one "\"message\":\"malloc: pid $pid, pointer ${pointer#0x}\"\}"
}

row mallocwatch mallocwatch
row c10_mallocwatch c10

# ---- 12 ----

opens() {
	cat "$1" >/dev/null
}
refused() {
	! cat "$1" >/dev/null 2>/tmp/act || return 1
	grep -q 'Operation not permitted' /tmp/act
}

# lsmdeny ARGUMENT…
lsmdeny() {
	echo >/tmp/shadow
	echo >/tmp/shadow2
	opens /tmp/shadow
	begin "$@"
	refused /tmp/shadow
	opens /tmp/shadow2
	end
	opens /tmp/shadow
}

lsmdeny_event() {
	lsmdeny /progs/lsmdeny.bpf.o
	one '"uid":0,"comm":"cat","name":"shadow"\}'
}

row lsmdeny lsmdeny_event
row c12_lsmdeny lsmdeny /course/c12_lsmdeny.bpf.o

# ---- 13, 14, 16, 17 ----

# The exec of acts and 5 more, all in one process.
execbypid() {
	begin "$1" --map counts
	act chain 5
	end
	one "\"map\":\"counts\",\"key\":$pid,\"value\":6\}"
}

row execbypid execbypid /progs/execbypid.bpf.o
row c13_execbypid execbypid /course/c13_execbypid.bpf.o

# A child of acts executes one program; the file name is already in memory.
execping() {
	begin /progs/execping.bpf.o
	act run 0 1 /bin/true
	end
	one "\"pid\":$(said child),.*\"message\":\"execve of /bin/true\"\}"
}

c14() {
	begin /course/c14_execping.bpf.o
	act run 0 1 /bin/true
	end
	one "\"pid\":$(said child),.*\"message\":"
}

row execping execping
row c14_execping c14

hello() {
	begin "$1"
	act run 12345 1 /bin/true
	end
	pid=$(said child)
	one "\"pid\":$pid,.*\"message\":\"$(echo "$2" | sed "s/PID/$pid/")\"\}"
}

row hello hello /progs/hello.bpf.o 'execve by acts, pid PID, uid 12345'
row c16_execline hello /course/c16_execline.bpf.o '.*acts.*PID.*12345.*'

# Root has executed acts, and perhaps more, so key 0 exists as well.
execcount() {
	begin "$1" --map exec_count
	act run 12345 7 /bin/true
	end
	one '"map":"exec_count","key":12345,"value":7\}'
	one '"map":"exec_count","key":0,"value":[1-9][0-9]*\}'
}

row execcount execcount /progs/execcount.bpf.o
row c17_execbyuid execcount /course/c17_execbyuid.bpf.o

# ---- 15 ----

opensnoop() {
	begin "$1"
	act openat /tmp/file /tmp/missing
	end
	fd=$(said result | head -n 1)
	one "\"pid\":$pid,\"uid\":0,\"comm\":\"acts\",\"ret\":$fd,\"filename\":\"/tmp/file\"\}"
	one "\"pid\":$pid,\"uid\":0,\"comm\":\"acts\",\"ret\":-2,\"filename\":\"/tmp/missing\"\}"
}

row opensnoop opensnoop /progs/opensnoop.bpf.o
row c15_openpair opensnoop /course/c15_openpair.bpf.o

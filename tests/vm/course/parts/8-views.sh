# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2034,SC2154
#
# More tools of lessons 3.1 and 3.4, whose results need more than a table. Their presentation is
# tested by tests/vm/tools.bats.

tcpconnect() {
	begin /progs/tcpconnect.bpf.o
	act connect 7777
	end
	one "\"pid\":$pid,\"comm\":\"acts\",\"ip\":4,\"saddr\":\"127.0.0.1\",\"daddr\":\"127.0.0.1\",.*\"dport\":7777\}"
}
row tcpconnect tcpconnect

# 64 reads of 4096 bytes and 20 writes of 8192 bytes on null_blk.
biotop() {
	begin /progs/biotop.bpf.o
	dd if=/dev/nullb0 of=/dev/null bs=4096 count=64 iflag=direct 2>/tmp/act
	dd if=/dev/zero of=/dev/nullb0 bs=8192 count=20 oflag=direct 2>/tmp/act
	end
	one '"comm":"dd","disk":"[0-9]+:0","op":"R"\},"value":\{"bytes":262144,"requests":64,"took":[0-9]+\}'
	one '"comm":"dd","disk":"[0-9]+:0","op":"W"\},"value":\{"bytes":163840,"requests":20,"took":[0-9]+\}'
	none '"map":"issued"'
}
row biotop biotop

# Most samples belong to a busy shell. On a loaded host, an emulated machine misses some of the 99
# samples per second.
samples() {
	sed -n "s/.*$1.*\"value\":\([0-9]*\)}/\1/p" /tmp/out | awk '{ n += $1 } END { print n + 0 }'
}
centiseconds() {
	cut -d ' ' -f 1 /proc/uptime | tr -d .
}
cpuprof() {
	before=$(centiseconds)
	begin /progs/cpuprof.bpf.o
	sh -c 'while :; do :; done' &
	busy=$!
	sleep 2
	end
	most=$((($(centiseconds) - before) * 12 / 10))
	kill $busy
	n=$(samples "\"pid\":$busy,")
	[ "$n" -ge 20 ]
	[ "$n" -le $most ]
	[ $((n * 2)) -gt "$(samples '')" ]
	some "\"pid\":$busy,\"comm\":\"sh\",\"kernel\":\[\],\"user\":\[\"busybox\+0x"
}
row cpuprof cpuprof

# Half a second in nanosleep.
offcpu() {
	before=$(centiseconds)
	begin /progs/offcpu.bpf.o --set min_us=100000
	act sleep 500
	most=$((($(centiseconds) - before + 1) * 10000))
	end
	us=$(value value "\"pid\":$pid,\"comm\":\"acts\",\"kernel\":\[\"__schedule\",\"schedule\",\"do_nanosleep\",.*hrtimer_nanosleep\"")
	[ "$us" -ge 500000 ]
	[ "$us" -le $most ]
}
row offcpu offcpu

# The memory of one process that has not been freed when it ends.
memleak() {
	starter=/acts.dyn
	start malloc 4242
	started
	begin /progs/memleak.bpf.o --on malloc_entry=@"$pid" --on calloc_entry=@"$pid" \
		--on realloc_entry=@"$pid" --on malloc_return=@"$pid" --on calloc_return=@"$pid" \
		--on realloc_return=@"$pid" --on free_entry=@"$pid"
	go
	end
	one "\"map\":\"outstanding\",\"key\":\{\"pid\":$pid,.*\"value\":4242\}"
}
row memleak memleak

# 64 reads, each counted in the slot of its latency.
rwlat() {
	begin /progs/rwlat.bpf.o
	dd if=/tmp/file of=/dev/null bs=1024 count=64 2>/tmp/act
	end
	n=$(sed -n 's/.*"comm":"dd","call":"read"},"value":{"us":\[\(.*\)\]}}/\1/p' /tmp/out |
		tr , '\n' | awk '{ n += $1 } END { print n + 0 }')
	[ "$n" = 64 ]
	some '"comm":"dd","call":"write"'
}
row rwlat rwlat

# 4242 is in the slot of 4096 to 8191.
mallocsize() {
	starter=/acts.dyn
	start malloc 4242
	started
	begin /progs/mallocsize.bpf.o --on mallocsize=@"$pid"
	go
	end
	one '"map":"requests","key":12,"value":1,'
}
row mallocsize mallocsize

sysbycomm() {
	start getppid 1000
	begin /progs/sysbycomm.bpf.o
	go
	end
	n=$(value value '"key":\{"comm":"acts"\}')
	[ "$n" -ge 1000 ]
	[ "$n" -lt 1100 ]
}
row sysbycomm sysbycomm

# Each child is switched to at least once, as is each process that slept.
switches() {
	begin /progs/switches.bpf.o
	act run 0 20 /bin/true
	end
	[ "$(value value '"key":\{"comm":"true"\}')" -ge 1 ]
	[ "$(value value '"key":\{"comm":"acts"\}')" -ge 20 ]
}
row switches switches

# Following /proc/self allocates memory, always at the same call site.
kmallocsum() {
	begin /progs/kmallocsum.bpf.o
	# shellcheck disable=SC2046 # fifty words
	act openat $(yes /proc/self/maps | head -n 50)
	end
	one '"key":"proc_self_get_link\+0x[0-9a-f]+","cpus":\[\{"bytes":[0-9]+,"calls":5[0-9]\}'
}
row kmallocsum kmallocsum

# If the compiler has renamed the function (.isra.0), it must be given by its full name.
taskswitch() {
	if grep -q ' finish_task_switch$' /proc/kallsyms; then
		begin /progs/taskswitch.bpf.o
	else
		! /sonde run /progs/taskswitch.bpf.o --for 1s 2>/tmp/err || return 1
		grep -q '^hint: .*finish_task_switch\.isra\.0' /tmp/err
		begin /progs/taskswitch.bpf.o --on taskswitch=finish_task_switch.isra.0
	fi
	act run 0 20 /bin/true
	end
	[ "$(value value '"key":\{"comm":"acts"\}')" -ge 20 ]
}
row taskswitch taskswitch

# Observes another sonde.
bpfcalls() {
	begin /progs/bpfcalls.bpf.o
	/sonde run /progs/execcount.bpf.o --for 100ms >/tmp/act 2>&1
	end
	some '"comm":"sonde","cmd":"PROG_LOAD"\},"value":[1-9]'
	some '"comm":"sonde","cmd":"MAP_CREATE"\},"value":[1-9]'
}
row bpfcalls bpfcalls

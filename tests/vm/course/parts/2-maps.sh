# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2034,SC2154
#
# Maps: lessons 2.1, 2.2 and 5.2.

openbypid() {
	begin /progs/openbypid.bpf.o
	act openat /tmp/file /tmp/file /tmp/missing /tmp/file
	end
	one "\"map\":\"opens\",\"key\":$pid,\"value\":4\}"
}
row openbypid openbypid

# Writes to stdout and stderr are counted, to another descriptor not. acts prints its pid with
# writev(2), which is not traced.
conwrite() {
	begin /progs/conwrite.bpf.o
	/acts write 1 3 100 </dev/null >/dev/null 2>/tmp/one
	/acts write 2 1 7 </dev/null 2>/tmp/two
	/acts write 7 5 100 </dev/null 7>/dev/null 2>/tmp/seven
	end
	pid=$(sed -n 's/^pid //p' /tmp/one)
	one "\"key\":\{\"pid\":$pid,\"fd\":1\},\"value\":\{\"calls\":3,\"bytes\":300\}"
	pid=$(sed -n 's/^pid //p' /tmp/seven)
	none "\"pid\":$pid,\"fd\":7"
	pid=$(head -n 1 /tmp/two | tr -d '\0' | sed -n 's/^pid //p')
	one "\"key\":\{\"pid\":$pid,\"fd\":2\},\"value\":\{\"calls\":1,\"bytes\":7\}"
}
row conwrite conwrite

# The map and the variable have the same count. It grows by 50 and a few opens of other processes.
onecounter() {
	begin /progs/onecounter.bpf.o
	before=$((0x$(/acts map opens get 0 | sed 's/^\(..\)\(..\).*/\2\1/')))
	# shellcheck disable=SC2046
	act openat $(yes /tmp/file | head -n 50)
	after=$((0x$(/acts map opens get 0 | sed 's/^\(..\)\(..\).*/\2\1/')))
	end
	[ $((after - before)) -ge 50 ]
	[ $((after - before)) -le 60 ]
	[ "$(value value '"map":"opens"')" -ge "$after" ]
	[ "$(value also_opens also_opens)" = "$(value value '"map":"opens"')" ]
}
row onecounter onecounter

# A second insertion from user space with BPF_NOEXIST fails with EEXIST.
readnoexist() {
	start reads 8 512 /tmp/file
	begin /progs/readnoexist.bpf.o --map first_bytes --map .bss
	[ "$(/acts map first_bytes put 999999 5 new)" = 'errno 0' ]
	[ "$(/acts map first_bytes put 999999 6 new)" = 'errno 17' ]
	[ "$(/acts map first_bytes put 999998 6 old)" = 'errno 2' ]
	go
	end
	one "\"key\":$pid,\"value\":1\}"
	one '"key":999999,"value":5\}'
	[ "$(value came_later came_later)" -ge 8 ]
}
row readnoexist readnoexist

sysbynr() {
	start getppid 123
	begin /progs/sysbynr.bpf.o
	go
	end
	one '"key":110,"value":123\}'
}
row sysbynr sysbynr

percpupkt() {
	begin /progs/percpupkt.bpf.o --on percpupkt=v0
	frames arp 5 5
	frames udp 300 300
	end
	one '"map":"packets","key":0,"value":305,'
	one '"map":"by_protocol","key":2054,"value":5,'
	one '"map":"by_protocol","key":2048,"value":300,'
}
row percpupkt percpupkt

openstream() {
	begin /progs/openstream.bpf.o
	act openat /tmp/file /tmp/missing
	end
	one "\"pid\":$pid,\"uid\":0,\"comm\":\"acts\",\"file\":\"/tmp/file\"\}"
	one "\"pid\":$pid,\"uid\":0,\"comm\":\"acts\",\"file\":\"/tmp/missing\"\}"
}
row openstream openstream

# More senders than entries: at most 1000 are kept, including the last one.
lruconn() {
	begin /progs/lruconn.bpf.o --on lruconn=v0
	frames udp@@10.1.0.0 1500 1500
	frames udp@10.9.9.9 3 3
	kept=$(/acts map senders count)
	end
	[ "$kept" -le 1000 ]
	[ "$kept" -ge 500 ]
	[ "$(lines '"map":"senders"')" = "$kept" ]
	one '"key":"10.9.9.9","value":\{"packets":3,"bytes":180,"last_seen":[0-9]'
	none '"key":"10.1.0.0"'
	one '"key":"10.1.5.219"'
}
row lruconn lruconn

lifofifo() {
	begin /progs/lifofifo.bpf.o
	act kill 10 1
	act kill 12 1
	act kill 17 1
	youngest=$(/acts map youngest_first pop)
	oldest=$(/acts map oldest_first pop)
	end
	[ "$youngest" = '17 12 10 errno 2' ]
	[ "$oldest" = '10 12 17 errno 2' ]
}
row lifofifo lifofifo

# The program in slot 1 drops IPv6, the one in slot 0 passes IPv4.
ethroute() {
	begin /progs/ethroute.bpf.o --on ethroute=v0
	frames udp 3 3
	frames ipv6 4 0
	frames arp 5 5
	end
	[ "$(value seen_ipv4 seen_ipv4)" = 3 ]
	[ "$(value seen_ipv6 seen_ipv6)" = 4 ]
	[ "$(value seen_other seen_other)" = 5 ]
	frames ipv6 1 1
}
row ethroute ethroute

twostage() {
	begin /progs/twostage.bpf.o --on twostage=v0
	frames udp 3 3
	end
	begin /progs/twostage.bpf.o --on twostage=v0 --set stage=0
	frames udp 3 0
	end
}
row twostage twostage

bigscratch() {
	begin /progs/bigscratch.bpf.o --map .bss
	act deep 4000
	end
	[ "$(value longest longest)" = 4001 ]
	one '"last_letter":47'
}
row bigscratch bigscratch

# User 12345 is added to the watched ones and removed again; others are never watched.
uidgate() {
	begin /progs/uidgate.bpf.o
	act run 12345 1 /bin/true
	[ "$(/acts map watched put 12345 1)" = 'errno 0' ]
	act run 12345 1 /bin/true
	act run 54321 1 /bin/true
	act run 12345 1 /bin/true
	watched=$(said child)
	[ "$(/acts map watched put 12345 0)" = 'errno 0' ]
	act run 12345 1 /bin/true
	end
	[ "$(lines '"map":"events"')" = 2 ]
	one "\"pid\":$watched,\"uid\":12345,\"by\":\"acts\"\}"
}
row uidgate uidgate

sigstats() {
	begin /progs/sigstats.bpf.o
	act kill 10 7
	act kill 64 2
	end
	one '"key":10,"value":7\}'
	one '"key":64,"value":2\}'
}
row sigstats sigstats

# Compares nanoseconds since boot with /proc/uptime, which has hundredths of a second and includes
# suspend time, of which there is none.
lastseen() {
	uptime_ms() {
		sed 's/\.\([0-9]*\) .*/\10/' /proc/uptime
	}
	begin /progs/lastseen.bpf.o
	before=$(uptime_ms)
	act run 0 1 /bin/true
	after=$(uptime_ms)
	end
	seen=$(value value "\"key\":$(said child),")
	[ $((seen / 1000000)) -ge $((before - 20)) ]
	[ $((seen / 1000000)) -le $((after + 20)) ]
}
row lastseen lastseen

execdetail() {
	begin /progs/execdetail.bpf.o
	act run 12345 4 /bin/true
	end
	one '"key":12345,"value":\{"count":4,"last_ns":[1-9][0-9]*,"by":"acts"\}'
}
row execdetail execdetail

# Lock and padding, 40 packets (0x28), 2400 bytes (0x960).
spinlock() {
	begin /progs/spinlock.bpf.o --on spinlock=v0
	frames udp 40 40
	[ "$(/acts map traffic locked 0)" = 000000000000000028000000000000006009000000000000 ]
	end
	one '"packets":40,"bytes":2400'
}
row spinlock spinlock

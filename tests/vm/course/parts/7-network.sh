# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2034,SC2154
#
# Network and cgroups: lessons 2.1, 4.3, 6.1 and 6.2; a loader's system calls: lesson 4.1. Frames go
# from veth0 to v0 (see part 1). A packet socket on v0 receives them before tc ingress, so programs
# that drop are attached to the egress of veth0.

tcok() {
	begin /progs/tcok.bpf.o --on tcok=v0
	frames arp 3 3
	frames udp 5 5
	end
	one '"key":"ARP","value":\{"packets":3,"bytes":180\}'
	one '"key":"IPV4","value":\{"packets":5,"bytes":300\}'
}
row tcok tcok

# A bucket of five frames with hardly any refill; then one that is always full.
tcrate() {
	begin /progs/tcrate.bpf.o --on tcrate=veth0:egress --set rate=1 --set burst=300
	frames udp 8 5
	end
	one '"passed":300,"dropped":180'
	begin /progs/tcrate.bpf.o --on tcrate=veth0:egress --set rate=1000000000 --set burst=300
	frames udp 8 8
	end
	frames udp 8 8
}
row tcrate tcrate

sockport() {
	begin /progs/sockport.bpf.o --on sockport=v0
	frames syn@10.0.0.2:80 3 3
	frames syn@10.0.0.2:81 2 2
	frames udp@10.0.0.2:80 2 2
	frames synack@10.0.0.3:80 1 1
	end
	[ "$(lines '"map":"senders"')" = 2 ]
	one '"key":"10.0.0.2","value":\{"packets":3,"bytes":180\}'
	one '"key":"10.0.0.3","value":\{"packets":1,"bytes":60\}'
	begin /progs/sockport.bpf.o --on sockport=v0 --set port=81
	frames syn@10.0.0.2:80 3 3
	frames syn@10.0.0.2:81 2 2
	end
	one '"key":"10.0.0.2","value":\{"packets":2,'
}
row sockport sockport

xdppass() {
	begin /progs/xdppass.bpf.o --on xdppass=v0
	frames udp 7 7
	end
	[ "$(lines '"map":"packets"')" = 1 ]
	one '"key":5,"value":7,'
}
row xdppass xdppass

# 10.0.0.1, port 53, UDP: ALLOW, then DENY.
policytc() {
	key=x0a0000010035000011000000 allow=x01000000 deny=x02000000
	case $VM_TARGET in
	s390x*) key=x0a0000010035000000000011 allow=x00000001 deny=x00000002 ;;
	esac
	begin /progs/policytc.bpf.o --on policytc=veth0:egress
	frames udp@10.0.0.2:53 3 0
	frames arp 2 2
	[ "$(/acts map policies put $key $allow old)" = 'errno 0' ]
	frames udp@10.0.0.2:53 4 4
	frames udp@10.0.0.2:54 5 0
	[ "$(/acts map policies put $key $deny)" = 'errno 0' ]
	frames udp@10.0.0.2:53 6 0
	[ "$(/acts map policies put $key $allow)" = 'errno 0' ]
	frames udp@10.0.0.2:53 4 4
	end
	[ "$(lines '"map":"policies"')" = 2 ]
	one '"address":"10.0.0.1","port":53,"pad":0,"protocol":"UDP"\},"value":\{"verdict":"ALLOW",.*"passed":4,"dropped":0'
	one '"address":"10.0.0.1","port":54,"pad":0,"protocol":"UDP"\},"value":\{"verdict":"UNKNOWN",.*"passed":0,"dropped":5'
	begin /progs/policytc.bpf.o --on policytc=veth0:egress --set audit=true
	frames udp@10.0.0.2:53 3 3
	end
	one '"verdict":"UNKNOWN",.*"passed":0,"dropped":3'
}
row policytc policytc

# Incoming frames, then a connection on lo, both ends of which send and receive.
conntrack() {
	begin /progs/conntrack.bpf.o --on conntrack_in=v0 --on conntrack_out=v0
	frames udp@10.0.0.2:53 3 3
	end
	one '"here":"10.0.0.1","here_port":53,"there_port":0,"there":"10.0.0.2","proto":"UDP"\},"value":\{"in":3,"in_bytes":180,"out":0,"out_bytes":0'
	begin /progs/conntrack.bpf.o --on conntrack_in=lo --on conntrack_out=lo
	act send 1234
	end
	port=$(said port)
	one "\"here\":\"127.0.0.1\",\"here_port\":$port,"
	one "\"there_port\":$port,\"there\":\"127.0.0.1\""
	[ "$(value in_bytes "\"here_port\":$port,")" -ge 1234 ]
	[ "$(value in_bytes "\"here_port\":$port,")" = "$(value out_bytes "\"there_port\":$port,")" ]
	[ "$(value out_bytes "\"here_port\":$port,")" = "$(value in_bytes "\"there_port\":$port,")" ]
}
row conntrack conntrack

# ---- cgroups ----

cgroups=/sys/fs/cgroup
group=$cgroups/course

# inside COMMAND…: runs it in the cgroup that the programs are attached to.
inside() {
	sh -c "echo 0 >$group/cgroup.procs; exec \"\$@\"" - "$@"
}
group_is_there() {
	grep -q " $cgroups " /proc/mounts || mount -t cgroup2 none $cgroups
	mkdir -p $group
}
answers() {
	"$@" ping -q -c 1 -W 1 127.0.0.1
}
silent() {
	! answers "$@"
}

# On lo, the kernel replies outside of any cgroup. Our cgroup receives both the request and the reply.
cgskb() {
	group_is_there
	answers inside
	begin /progs/cgskb.bpf.o --on cgskb_in=course --on cgskb_out=course
	silent inside
	answers
	end
	answers inside
	one '"key":"OUT","value":\{"packets":1,"bytes":84,"dropped":1\}'
	none '"key":"IN"'
	begin /progs/cgskb.bpf.o --on cgskb_in=course --on cgskb_out=course --set block=false
	answers inside
	end
	one '"key":"OUT","value":\{"packets":1,"bytes":84,"dropped":0\}'
	one '"key":"IN","value":\{"packets":2,"bytes":168,"dropped":0\}'
}
row cgskb cgskb

cgdevice() {
	group_is_there
	begin /progs/cgdevice.bpf.o --on cgdevice=course
	inside head -c 1 /dev/null
	! inside head -c 1 /dev/zero || exit 1
	! inside head -c 1 /dev/zero || exit 1
	head -c 1 /dev/zero
	end
	inside head -c 1 /dev/zero
	one '"kind":"CHARACTER","major":1,"minor":5\},"value":\{"times":2,"refused":2\}'
	one '"kind":"CHARACTER","major":1,"minor":3\},"value":\{"times":1,"refused":0\}'
}
row cgdevice cgdevice

cgsysctl() {
	group_is_there
	panic=/proc/sys/kernel/panic
	was=$(cat $panic)
	begin /progs/cgsysctl.bpf.o --on cgsysctl=course
	[ "$(inside cat /proc/sys/kernel/ostype)" = Linux ]
	! inside sh -c "echo 77 >$panic" || exit 1
	[ "$(cat $panic)" = "$was" ]
	echo 78 >$panic
	end
	inside sh -c "echo $was >$panic"
	one '"name":"kernel/ostype"\},"value":\{"reads":[1-9],"writes":0,"refused":0\}'
	one '"name":"kernel/panic"\},"value":\{"reads":0,"writes":1,"refused":1\}'
}
row cgsysctl cgsysctl

# talk PORT: sends a word to a server that also accepts IPv6.
talk() {
	inside nc -l -p "$1" >/tmp/got </dev/null &
	server=$!
	tries=0
	until echo hello | inside nc 127.0.0.1 "$1" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 3000 ]
		usleep 50000
	done
	wait $server
	[ "$(cat /tmp/got)" = hello ]
}

# Two connections, both ends of which are in the cgroup.
cgtcp() {
	group_is_there
	begin /progs/cgtcp.bpf.o --on cgtcp=course
	inside /acts send 1234 >/tmp/act
	talk 4711
	end
	[ "$(lines '"map":"peers"')" = 1 ]
	one '"key":"127.0.0.1","value":\{"connects":2,"accepts":2,"closed":4,"sent_again":0,'
}
row cgtcp cgtcp

sockmap() {
	group_is_there
	begin /progs/sockmap.bpf.o --on sockmap_collect=course
	inside /acts send 1234 >/tmp/act
	talk 4712
	end
	[ "$(said sent)" = 1234 ]
	[ "$(value collected collected)" = 4 ]
	[ "$(value short_cuts short_cuts)" = 2 ]
	[ "$(value bytes '"bytes"')" = 1240 ]
}
row sockmap sockmap

# ---- packet contents ----

# On lo every packet passes twice but is reported once.
httptap() {
	mkdir -p /tmp/www
	echo hello >/tmp/www/page
	httpd -f -p 8080 -h /tmp/www &
	server=$!
	begin /progs/httptap.bpf.o --on httptap=lo
	tries=0
	until [ "$(wget -q -O - http://127.0.0.1:8080/page)" = hello ]; do
		tries=$((tries + 1))
		[ $tries -lt 3000 ]
		usleep 100000
	done
	! wget -q -O - http://127.0.0.1:8080/none || exit 1
	end
	kill $server
	[ "$(lines '')" = 2 ]
	who='"client":"127.0.0.1","server":"127.0.0.1","server_port":8080'
	one "$who,\"status\":200,\"us\":[0-9]+,\"request\":\"GET /page HTTP/1.[01]\"\}"
	one "$who,\"status\":404,\"us\":[0-9]+,\"request\":\"GET /none HTTP/1.[01]\"\}"
}
row httptap httptap

# ---- the system call ----

# The call is the one that the plan lists, and the program runs once per packet.
rawret0() {
	/sonde plan -vv /progs/rawret0.bpf.o --on rawret0=v0 >/tmp/plan
	grep -qE '^ +prog_type +BPF_PROG_TYPE_SOCKET_FILTER' /tmp/plan
	grep -qE '^ +insn_cnt +2$' /tmp/plan
	[ "$(grep -A 2 -E '^ +insns +2 instructions' /tmp/plan | tail -n 2 | tr -s ' \n' ' ')" = \
		' 0: r0 = 0 1: exit ' ]
	echo 1 >/proc/sys/kernel/bpf_stats_enabled
	begin -vv /progs/rawret0.bpf.o --on rawret0=v0
	grep -qE '^bpf\(BPF_PROG_LOAD, \{prog_type=BPF_PROG_TYPE_SOCKET_FILTER, insn_cnt=2, .*\) = [0-9]+$' /tmp/err
	frames udp 6 6
	runs=$(runs_of)
	end
	echo 0 >/proc/sys/kernel/bpf_stats_enabled
	[ "$runs" = 6 ]
}
row rawret0 rawret0

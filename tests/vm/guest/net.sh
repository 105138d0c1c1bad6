# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Network and cgroup hooks on this kernel.
# shellcheck source=/dev/null
. /cable.sh

# ---- XDP ----

pings_are_dropped() {
	silent 10.1.0.2
	[ ! "$mode" ] || [ "$(/net xdp v0)" = "$mode" ]
}

# drops ARGUMENT…: pings are dropped while `sonde run` is attached, and only then.
drops() {
	soon answers 10.1.0.2
	attached pings_are_dropped "$@"
	soon answers 10.1.0.2
	[ "$(/net xdp v0)" = 0 ]
}

drops_without_links() {
	through='/net old'
	drops "$@"
	through=
	told 'before 5.9 .*SIGKILL.*sonde detach v0'
}

xdp_killed() {
	begin /course/c11_noping.bpf.o --on v0
	silent 10.1.0.2
	end KILL || [ $? = 137 ]
	soon answers 10.1.0.2
}

# A second program is rejected, and the first remains.
xdp_busy() {
	begin /course/c11_noping.bpf.o --on v0
	cp /tmp/err /tmp/first
	# shellcheck disable=SC2086
	refused $1 /sonde run /course/c05_synguard.bpf.o --on v0 --for 5s
	grep -q 'syn_guard.*: attach: .*: EBUSY' /tmp/err
	grep -q '^hint: v0 has another XDP program' /tmp/err
	silent 10.1.0.2
	end
}

no_interface() {
	refused /sonde run /course/c11_noping.bpf.o --on v9 --for 5s
	grep -q "there is no network interface 'v9'" /tmp/err
	grep -q '^hint: available interfaces: lo, .*v0' /tmp/err
	refused /sonde run /course/c11_noping.bpf.o --on 9999 --for 5s
	grep -q "there is no network interface '9999'" /tmp/err
	refused /sonde run /course/c11_noping.bpf.o --for 5s
	grep -q 'requires an interface' /tmp/err
	grep -q '^hint: .*--on drop_icmp=' /tmp/err
	refused /sonde run /course/c11_noping.bpf.o --on v0:fast --for 5s
	grep -q "'fast' is no mode" /tmp/err
}

# Only the default-route interface is reported as such.
default_route() {
	ip route add default via 10.1.0.2
	attached : /course/c05_synguard.bpf.o --on v0 --yes
	told 'default route .* v0'
	attached : /course/c05_synguard.bpf.o --on lo
	fails grep 'default route' /tmp/err
	ip route del default
}

# c03: IPv4 passes, but not from 192.168.1.100, and no ARP.
gate() {
	ip addr add 192.168.1.1/24 dev v0
	beyond ip addr add 192.168.1.100/24 dev veth0
	beyond ip addr add 10.1.0.3/24 dev veth0
	soon answers 10.1.0.2
	soon answers 192.168.1.100
	begin /course/c03_xdpgate.bpf.o --on v0
	answers 10.1.0.2
	silent 192.168.1.100
	silent 10.1.0.3
	end
	soon answers 10.1.0.3
	soon answers 192.168.1.100
	beyond ip addr del 10.1.0.3/24 dev veth0
	beyond ip addr del 192.168.1.100/24 dev veth0
	ip addr del 192.168.1.1/24 dev v0
}

# c05 counts SYNs. nc waits long enough for a retransmission, so on a machine that stalls for a second
# the program may count more than three.
connect_to_us() {
	beyond nc -w 30 10.1.0.1 99 </dev/null 2>&1 | grep -q refused
}
syn_guard() {
	begin /course/c05_synguard.bpf.o --on v0 --json --every 1h
	for i in 1 2 3; do
		connect_to_us
	done
	end
	# 10.1.0.2 as a number, in either byte order
	grep -qE '\{"map":"syn_count","key":(33554698|167837698),"value":[3-9]\}' /tmp/out
}

devmap_loads() {
	attached : /progs/xdp.bpf.o --only devmap --only cpumap
	if since 5.18; then
		attached : /progs/xdp.bpf.o --only devmap_frags --only cpumap_frags
		drops /progs/xdp.bpf.o --only frags --on v0
	fi
}

# CAP_BPF (39), CAP_NET_ADMIN (12), CAP_PERFMON (38) to read packets, CAP_NET_RAW (13) for a socket,
# and CAP_SYS_RESOURCE (24) before 5.11.
rights() {
	caps=$((1 << 39 | 1 << 24))
	refused /act as 1000 0 /sonde run /course/c11_noping.bpf.o --on v0 --for 5s
	grep -q '^hint: .*lacks CAP_BPF and CAP_NET_ADMIN .*setcap cap_bpf,cap_perfmon,cap_net_admin+ep' /tmp/err
	refused /act as 1000 $caps /sonde run /course/c11_noping.bpf.o --on v0 --for 5s
	grep -q '^hint: .*lacks CAP_NET_ADMIN ' /tmp/err
	fails /act as 1000 $((caps | 1 << 12)) /sonde run /course/c11_noping.bpf.o --on v0 \
		--for 5s 2>/tmp/err
	grep -q '^hint: .*CAP_PERFMON' /tmp/err
	through="/act as 1000 $((caps | 1 << 12 | 1 << 38))"
	drops /course/c11_noping.bpf.o --on v0
	through=
	refused /act as 1000 $caps /sonde run /progs/sockets.bpf.o --only filter --on v0 --for 5s
	grep -q '^hint: .*lacks CAP_NET_RAW ' /tmp/err
	/act as 1000 $((caps | 1 << 13)) /sonde run /progs/sockets.bpf.o --only filter --on v0 --for 1s
}

saved_xdp() {
	/sonde plan /course/c11_noping.bpf.o --on v0 -o /tmp/plan
	drops /tmp/plan
	rm /tmp/plan
}

mode=
proof "XDP by name" drops /course/c11_noping.bpf.o --on v0
proof "XDP by interface index" drops /course/c11_noping.bpf.o --on "drop_icmp=$(cat /sys/class/net/v0/ifindex)"
proof "XDP from a saved plan" saved_xdp
proof "XDP without links" drops_without_links /course/c11_noping.bpf.o --on v0
mode=1
proof "XDP, driver mode" drops /course/c11_noping.bpf.o --on v0:driver
mode=2
proof "XDP, generic mode" drops /course/c11_noping.bpf.o --on v0:generic
proof "XDP, generic mode without links" drops_without_links /course/c11_noping.bpf.o --on v0:generic
mode=
proof "XDP is detached on SIGKILL" xdp_killed
proof "XDP on an interface with another program" xdp_busy ''
proof "XDP on an interface with another program, without links" xdp_busy '/net old'
proof "no such interface" no_interface
proof "the default route" default_route
proof "capabilities" rights
proof "c03_xdpgate" gate
proof "c05_synguard" syn_guard
proof "XDP programs for devmap and cpumap, and with fragments" devmap_loads

# ---- tc ----

# Before 6.6, or with "/net old", tc programs are attached as filters, which a note reports.
tc_drops() {
	answers 10.1.0.2
	attached pings_are_dropped /progs/tc.bpf.o --json --every 1h "$@"
	soon answers 10.1.0.2
	grep -q '"dropped":[1-9]' /tmp/out
	if since 6.6 && [ ! "$through" ]; then
		told_nothing
	else
		told "before 6.6 .*SIGKILL.*sonde detach v0"
	fi
}

tc_action() {
	answers 10.1.0.2
	attached pings_are_dropped /progs/tc.bpf.o --json --every 1h --only act --on v0:egress
	soon answers 10.1.0.2
	grep -q '"dropped":[1-9]' /tmp/out
	told 'tc actions have no links.*SIGKILL.*sonde detach v0'
}

tc_keeps_qdisc() {
	/net add v0 clsact
	tc_drops --only plain --on v0
	tc qdisc show dev v0 | grep -q clsact
	/net del v0 clsact
}

# Other filters are not modified.
tc_two() {
	/sonde run /progs/tc.bpf.o --only in --on v0 >/tmp/other 2>&1 &
	other=$!
	soon silent 10.1.0.2
	begin /progs/tc.bpf.o --only plain --on v0
	end
	silent 10.1.0.2
	kill -TERM $other
	wait $other
	soon answers 10.1.0.2
	# The first added the qdisc, and ends first.
	/sonde run /progs/tc.bpf.o --only plain --on v0 >/tmp/other 2>&1 &
	other=$!
	soon silent 10.1.0.2
	begin /progs/tc.bpf.o --only in --on v0
	kill -TERM $other
	wait $other
	silent 10.1.0.2
	end
	soon answers 10.1.0.2
	! tc qdisc show dev v0 | grep -q clsact || /net del v0 clsact
}

tc_ingress_qdisc() {
	/net add v0 ingress
	refused /net old /sonde run /progs/tc.bpf.o --only out --on v0 --for 5s
	grep -q "^hint: .*'ingress'" /tmp/err
	/net del v0 ingress
}

tc_directions() {
	refused /sonde run /progs/tc.bpf.o --only plain --on v0:up --for 5s
	grep -q "'up' is no mode, direction" /tmp/err
	refused /sonde run /progs/tc.bpf.o --only out --on v0:ingress --for 5s
	grep -q 'section name has egress' /tmp/err
}

tc_killed() {
	since 6.6 || return 0
	begin /progs/tc.bpf.o --only in --on v0
	silent 10.1.0.2
	end KILL || [ $? = 137 ]
	soon answers 10.1.0.2
}

# A filter remains after SIGKILL; the next sonde reports it, and sonde detach removes it.
tc_left() {
	begin /progs/tc.bpf.o --only "$1" --on "$1=v0:egress"
	silent 10.1.0.2
	refused /sonde detach v0
	grep -q "v0: process $sonde, which is running, may own" /tmp/err
	end KILL || [ $? = 137 ]
	silent 10.1.0.2
	if [ "$1" = act ]; then
		refused /sonde run /progs/tc.bpf.o --only "$1" --on "$1=v0:egress" --for 5s
	else
		attached : /progs/tc.bpf.o --only "$1" --on "$1=v0:egress"
	fi
	grep -q "a filter of sonde exists already.*sonde detach v0" /tmp/err
	silent 10.1.0.2
	[ "$(/sonde detach v0)" = "v0: removed the $2 of egress (pref $3)" ]
	soon answers 10.1.0.2
	[ "$(/sonde detach v0)" = "v0: no stale attachment of sonde's" ]
	tc qdisc show dev v0 | grep -q clsact
	/net del v0 clsact
}

for through in '' '/net old'; do
	how=${through:+, without links}
	proof "tc, ingress$how" tc_drops --only plain --on v0
	proof "tc, egress$how" tc_drops --only plain --on plain=v0:egress
	proof "classifier$how" tc_drops --only classic --on v0
	proof "action$how" tc_action
	for program in in out in_x out_x; do
		proof "tc or tcx, $program$how" tc_drops --only $program --on v0
	done
done
proof "tc keeps an existing qdisc" tc_keeps_qdisc
proof "tc next to another filter" tc_two
through=
proof "tc on an ingress qdisc" tc_ingress_qdisc
proof "tc: invalid directions" tc_directions
proof "tc is detached on SIGKILL" tc_killed
through='/net old'
proof "tc: stale after SIGKILL" tc_left plain program 50000
through=
proof "action: stale after SIGKILL" tc_left act action 50001

# ---- cgroup ----

mount -t cgroup2 none /sys/fs/cgroup
group=/sys/fs/cgroup/child
mkdir $group

inside() {
	sh -c "echo 0 >$group/cgroup.procs; exec \"\$@\"" - "$@"
}

# Only the child cgroup is affected, not its parent.
child_is_cut_off() {
	answers 127.0.0.1
	fails inside ping -q -c 1 -W 1 127.0.0.1
}
cuts_off() {
	inside ping -q -c 1 -W 1 127.0.0.1
	attached child_is_cut_off /progs/cgroup.bpf.o "$@"
	inside ping -q -c 1 -W 1 127.0.0.1
	[ ! "$through" ] || told "before 5.7 .*SIGKILL.*sonde detach $group"
}

counts() {
	attached "/net calls $group" /progs/cgroup.bpf.o --only "$1" --json --every 1h \
		--on "$group$2"
	grep -q '"hits":[1-9]' /tmp/out
}

# Programs attached before keep working.
cgroup_two() {
	begin /progs/cgroup.bpf.o --only deny_egress --on $group
	/sonde run /progs/cgroup.bpf.o --only egress --on $group --for 100ms
	child_is_cut_off
	end
}

cgroup_without_mount() {
	umount /sys/fs/cgroup
	begin /progs/cgroup.bpf.o --only deny_egress --on child
	mount -t cgroup2 none /sys/fs/cgroup
	child_is_cut_off
	end
}

cgroup_device() {
	begin /progs/cgroup.bpf.o --only deny_dev --on $group
	fails inside head -c 1 /dev/zero
	head -c 1 /dev/zero
	end
	inside head -c 1 /dev/zero
}

cgroup_killed() {
	begin /progs/cgroup.bpf.o --only deny_sock --on $group
	fails inside nc -w 1 127.0.0.1 99 2>/tmp/said
	grep -q 'not permitted' /tmp/said
	end KILL || [ $? = 137 ]
	fails inside nc -w 30 127.0.0.1 99 2>/tmp/said
	grep -q refused /tmp/said
}

cgroup_lsm() {
	begin /progs/cgroup.bpf.o --only deny_socket_bind --on $group
	inside timeout 60 nc -l -p 97 2>/tmp/said || :
	grep -q 'not permitted' /tmp/said
	timeout 1 nc -l -p 97 2>/tmp/said || :
	fails grep -q 'not permitted' /tmp/said
	end
	inside timeout 1 nc -l -p 97 2>/tmp/said || :
	fails grep -q 'not permitted' /tmp/said
}

no_cgroup() {
	refused /sonde run /progs/cgroup.bpf.o --only egress --on /sys/fs/cgroup/none --for 5s
	grep -q '/sys/fs/cgroup/none: ENOENT' /tmp/err
	grep -q '^hint: .*mkdir' /tmp/err
	refused /sonde run /progs/cgroup.bpf.o --only egress --on none --for 5s
	refused /sonde run /progs/cgroup.bpf.o --only egress --on /proc --for 5s
	grep -q '^hint: .*not a directory of cgroup2' /tmp/err
	refused /sonde run /progs/cgroup.bpf.o --only skb --on $group --for 5s
	grep -q 'has no direction' /tmp/err
	refused /sonde run /progs/cgroup.bpf.o --only egress --for 5s
	grep -q 'requires a cgroup' /tmp/err
}

for through in '' '/net old'; do
	how=${through:+, without links}
	proof "cgroup_skb/egress$how" cuts_off --only deny_egress --on $group
	proof "cgroup/skb, egress$how" cuts_off --only deny_skb --on $group:egress
	proof "cgroup/skb, ingress$how" cuts_off --only deny_skb --on $group:ingress
	proof "two programs on a cgroup$how" cgroup_two
	for program in ingress egress sock_create sock post_bind4 post_bind6 bind4 bind6 connect4 \
		connect6 sendmsg4 sendmsg6 recvmsg4 recvmsg6 getpeername4 getpeername6 \
		getsockname4 getsockname6 sysctl getsockopt setsockopt dev sock_ops; do
		proof "cgroup: $program$how" counts $program ''
	done
	proof "cgroup: skb$how" counts skb :ingress
	! since 5.9 || proof "cgroup: sock_release$how" counts sock_release ''
done
through=
if since 6.7; then
	for program in connect sendmsg recvmsg getpeername getsockname; do
		proof "cgroup: ${program}_unix" counts ${program}_unix ''
	done
fi
proof "cgroup without a mounted cgroup2" cgroup_without_mount
proof "cgroup/dev" cgroup_device
proof "cgroup programs are detached on SIGKILL" cgroup_killed
if since 6.0 && has CONFIG_BPF_LSM && has CONFIG_DEBUG_INFO_BTF; then
	proof "lsm_cgroup" cgroup_lsm
fi
proof "no such cgroup" no_cgroup

umount /sys/fs/cgroup

# ---- netkit ----

netkit_drops() {
	answers 10.2.0.2
	attached "silent 10.2.0.2" /progs/tc.bpf.o --json --every 1h --only "$1" --on kit
	soon answers 10.2.0.2
	grep -q '"dropped":[1-9]' /tmp/out
	told_nothing
}

not_netkit() {
	refused /sonde run /progs/tc.bpf.o --only primary --on v0 --for 5s
	grep -q '^hint: .*not of type netkit' /tmp/err
}

netkit_too_old() {
	refused /sonde run /progs/tc.bpf.o --only primary --on v0 --for 5s
	grep -q "^hint: .*netkit_primary.* needs Linux 6.7" /tmp/err
}

if since 6.7; then
	ip link add kit type netkit
	ip link set nk0 netns $there
	ip addr add 10.2.0.1/24 dev kit
	ip link set kit up
	beyond ip addr add 10.2.0.2/24 dev nk0
	beyond ip link set nk0 up
	proof "netkit/primary" netkit_drops primary
	proof "netkit/peer" netkit_drops peer
	proof "netkit on another interface" not_netkit
else
	proof "netkit: needs a newer kernel" netkit_too_old
fi

# ---- netfilter ----

netfilter_drops() {
	answers 127.0.0.1
	attached "silent 127.0.0.1" /progs/misc.bpf.o --only drop --on "$1" --json --every 1h
	answers 127.0.0.1
	grep -q '"hits":[1-9]' /tmp/out
}

netfilter_wrong() {
	for place in ipv4 ipv4:inside ipx:input ipv4:input:high; do
		refused /sonde run /progs/misc.bpf.o --only drop --on $place --for 5s
		grep -q "'$place' is not a netfilter hook" /tmp/err
	done
	refused /sonde run /progs/misc.bpf.o --only drop --on ipv4:input:-2147483648 --for 5s
	grep -q 'attach: .*ERANGE' /tmp/err
	begin /progs/misc.bpf.o --only drop --on ipv4:forward:10
	refused /sonde run /progs/misc.bpf.o --only drop --on ipv4:forward:10 --for 5s
	grep -q '^hint: .*priority' /tmp/err
	end
}

netfilter_too_old() {
	refused /sonde run /progs/misc.bpf.o --only drop --on ipv4:input --for 5s
	grep -q "^hint: .*netfilter.* Linux 6.4" /tmp/err
}

if since 6.4; then
	proof "netfilter, input" netfilter_drops ipv4:local_in
	proof "netfilter, output, before others" netfilter_drops ipv4:output:-300
	proof "netfilter: invalid targets" netfilter_wrong
else
	proof "netfilter: needs a newer kernel" netfilter_too_old
fi

# ---- sockets ----

send_udp() {
	/net udp 10.1.0.2 7778 4
	/net udp 10.1.0.2 7777 5
}
filters() {
	attached send_udp /progs/sockets.bpf.o --only filter --on "$1" --json --every 1h
	grep -q "\"hits\":$2[,}]" /tmp/out
}

# More packets than fit into the socket's receive queue.
filters_much() {
	attached '/net udp 10.1.0.2 7777 5000' /progs/sockets.bpf.o --only filter --on v0 --json \
		--every 1h
	grep -q '"hits":5000[,}]' /tmp/out
}

listen_at() {
	"$@" nc -l -p 98 >/dev/null &
	soon "$@" grep -qE '^ *[0-9]+: [0-9A-F]*:0062 [0-9A-F:]* 0A ' /proc/net/tcp /proc/net/tcp6
}
# is_open ADDRESS [SECONDS]
is_open() {
	echo | nc -w "${2-30}" "$1" 98
}
hides_own() {
	begin /progs/sockets.bpf.o --only lookup --on own --json --every 1h
	listen_at
	fails is_open 127.0.0.1 1
	end
	is_open 127.0.0.1
	grep -q '"hits":[1-9]' /tmp/out
}
hides_there() {
	begin /progs/sockets.bpf.o --only lookup --on /proc/$there/ns/net
	listen_at nsenter -t $there -n
	fails is_open 10.1.0.2 1
	end KILL || [ $? = 137 ]
	is_open 10.1.0.2
}

dissects() {
	attached send_udp /progs/sockets.bpf.o --only dissect --only ask_hash --on dissect=own \
		--on ask_hash=v0 --json --every 1h
	grep -q '"hits":[1-9]' /tmp/out
	[ ! "$through" ] || told 'before 5.8 .*SIGKILL.*sonde detach own'
}

no_namespace() {
	refused /sonde run /progs/sockets.bpf.o --only lookup --on other --for 5s
	grep -q "'other' is not a network namespace" /tmp/err
	refused /sonde run /progs/sockets.bpf.o --only lookup --on /run/none --for 5s
	grep -q '/run/none: ENOENT' /tmp/err
	grep -q '^hint: .*/proc/PID/ns/net' /tmp/err
}

# share COUNT: starts a process with COUNT UDP sockets that share port 7777.
share() {
	rm -f /tmp/ask /tmp/got
	mkfifo /tmp/ask
	/net share 7777 "$1" <>/tmp/ask >>/tmp/got &
	sharer=$!
	soon grep -q socket /tmp/got
	fd=$(sed -n 's/^socket //p' /tmp/got)
}
# gets N: N of five packets arrive at them.
gets() {
	/net udp 127.0.0.1 7777 5
	: >/tmp/got
	echo >/tmp/ask
	soon grep -q got /tmp/got
	[ "$(cat /tmp/got)" = "got $1" ]
}
# theirs PROGRAM PLACE COUNT: with the program attached to PLACE, COUNT sockets receive nothing.
theirs() {
	share "$3"
	[ "$2" != descriptor ] || set -- "$1" "$sharer:$fd"
	gets 5
	attached "gets 0" /progs/sockets.bpf.o --only "$1" --on "$2" --json --every 1h
	grep -q '"hits":[1-5][,}]' /tmp/out
	told "SIGKILL.*sonde detach $2 removes it"
	gets 5
	kill $sharer
}
theirs_left() {
	share 2
	begin /progs/sockets.bpf.o --only "$1" --on udp:7777
	end KILL || [ $? = 137 ]
	gets 0
	/sonde detach udp:7777 >/tmp/removed
	[ "$(cat /tmp/removed)" = "udp:7777: removed $2" ]
	gets 5
	[ "$(/sonde detach udp:7777)" = "udp:7777: no stale attachment of sonde's" ]
	kill $sharer
}
no_sockets() {
	for place in udp:7777 tcp:1; do
		refused /sonde run /progs/sockets.bpf.o --only reuseport --on $place --for 5s
		grep -q "no socket listens on $place" /tmp/err
		grep -q '^hint: .*ss -tulnp' /tmp/err
	done
	refused /sonde run /progs/sockets.bpf.o --only reuseport --on 99999:0 --for 5s
	grep -q 'pidfd_getfd.*ESRCH' /tmp/err
	refused /sonde run /progs/sockets.bpf.o --only reuseport --on 1:4000 --for 5s
	grep -q 'pidfd_getfd.*EBADF' /tmp/err
	for place in udp: udp:70000 tcp:x v0 1: :1 1:2:3; do
		refused /sonde run /progs/sockets.bpf.o --only reuseport --on $place --for 5s
		grep -q "'$place' is not a socket" /tmp/err
	done
	listen_at
	pid=$!
	refused /sonde run /progs/sockets.bpf.o --only reuseport --on tcp:98 --for 5s
	grep -q '^hint: .*SO_REUSEPORT' /tmp/err
	kill $pid
}

proof "socket" filters v0 5
proof "socket on any interface" filters any 5
proof "socket on another interface" filters lo 0
proof "socket with a full receive queue" filters_much
proof "sk_lookup in its own network namespace" hides_own
proof "sk_lookup in another network namespace, detached on SIGKILL" hides_there
proof "no such network namespace" no_namespace
proof "flow_dissector" dissects
through='/net old'
proof "flow_dissector, without links" dissects
through=
proof "sk_reuseport, by port" theirs reuseport udp:7777 2
proof "sk_reuseport, by descriptor" theirs reuseport descriptor 2
! since 5.14 || proof "sk_reuseport/migrate" theirs migrate udp:7777 2
proof "socket filter of another process" theirs deaf descriptor 1
proof "sk_reuseport: stale after SIGKILL" theirs_left reuseport \
	'the reuseport program of the socket'
proof "no such socket" no_sockets

# ---- socket maps ----

mount -t cgroup2 none /sys/fs/cgroup
counts_in_map() {
	only=--only\ collect
	for program in $1; do
		only="$only --only $program"
	done
	# shellcheck disable=SC2086
	attached "/net calls $group" /progs/sockmap.bpf.o $only --on collect=$group --json --every 1h
	grep -q '"hits":[1-9]' /tmp/out
}

sockmap_killed() {
	begin /progs/sockmap.bpf.o --only msg --on msg=sockets
	end KILL || [ $? = 137 ]
}

no_sockmap() {
	refused /sonde run /progs/sockmap.bpf.o --only msg --on msg=hits --for 5s
	grep -q "no socket map 'hits'" /tmp/err
	grep -q '^hint: .*sockets' /tmp/err
}

for through in '' '/net old'; do
	how=${through:+, without links}
	proof "sk_msg$how" counts_in_map msg
	proof "sk_skb/stream_parser, sk_skb/stream_verdict$how" counts_in_map 'parser stream'
	! since 5.13 || proof "sk_skb/verdict$how" counts_in_map verdict
	proof "sk_msg is detached on SIGKILL$how" sockmap_killed
done
through=
proof "no such socket map" no_sockmap
proof "sk_skb loads" attached : /progs/sockmap.bpf.o --only loaded

# ---- sampling, and programs that are not attached ----

centiseconds() {
	cut -d ' ' -f 1 /proc/uptime | tr -d .
}
# samples HZ ARGUMENT…: the program runs HZ times per second on each CPU. On a loaded host, an emulated
# machine may miss most samples, but never has more.
samples() {
	hz=$1
	shift
	begin /progs/sampling.bpf.o --json --every 1h "$@"
	start=$(centiseconds)
	sleep 3
	due=$((($(centiseconds) - start) * hz / 100))
	end
	grep '"map"' /tmp/out | tr -dc '0-9,\n' | tr , '\n' | grep . >/tmp/numbers
	[ "$(wc -l </tmp/numbers)" = 2 ]
	while read -r n; do
		[ "$n" -ge $((due / 5)) ]
		[ "$n" -le $((due * 6 / 5)) ]
	done </tmp/numbers
}

samples_wrong() {
	for what in cpu-clock:0 cpu-clock:much cpu-clock: clock; do
		refused /sonde run /progs/sampling.bpf.o --on sample=$what --for 5s
		grep -q "'$what' is not a sampling event" /tmp/err
	done
}

only_loaded() {
	! since 5.14 || attached : /progs/misc.bpf.o --only call
}

proof "perf_event" samples 99
proof "perf_event at a low frequency" samples 10 --on sample=cpu-clock:10
proof "perf_event: invalid events" samples_wrong
proof "programs that are loaded but not attached" only_loaded

echo "1..$number"

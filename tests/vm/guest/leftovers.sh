# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Routes with programs, and attachments that SIGKILL leaves behind on kernels without BPF links.
# shellcheck source=/dev/null
. /cable.sh

routes() {
	ip route show table all
	ip -6 route show table all
}

state() {
	/act ids
	cat /proc/mounts
	tc qdisc show
	ip link show
	routes
}

mount -t cgroup2 none /sys/fs/cgroup
group=/sys/fs/cgroup/child
mkdir $group
beyond ip addr add 10.9.0.1/24 dev lo
beyond ip -6 addr add fd00:9::1/64 dev lo
beyond ip route add 10.8.0.0/24 via 10.1.0.1
beyond ip -6 route add fd00:8::/64 via fd00:1::1
beyond ip -6 route add fc00::/16 via fd00:1::1
(soon answers fd00:1::2) >/dev/null 2>&1 || exit 1

# ---- routes ----

# hits N: the program counted N packets.
hits() {
	grep -q "\"hits\":$1[,}]" /tmp/out
}

# counts N COMMAND PROG ROUTE: the program, attached while the command runs, counts N packets, and no
# route is left.
counts() {
	n=$1
	routes >/tmp/routes
	attached "$2" /progs/route.bpf.o --only "$3" --on "$4" --json --every 1h
	hits "$n"
	told "routes have no links.*SIGKILL.*sonde detach ${4%+*}[+ ]"
	routes | cmp /tmp/routes -
}

ping_twice() {
	ping -q -c 2 -W 5 "$1"
}
segments_come() {
	beyond /net segments fc00::1 fd00:1::1 5
	# Packets have arrived once a later one is answered.
	beyond ping -q -c 1 -W 5 fd00:1::1
}
# Only packets of the route are dropped.
is_stopped() {
	silent 10.9.0.1
	answers 10.1.0.2
}

by_number() {
	counts 2 'ping_twice 10.9.0.1' out "10.9.0.0/24@10.1.0.2%$(cat /sys/class/net/v0/ifindex)"
}

saved_route() {
	/sonde plan /progs/route.bpf.o --only out --on 10.9.0.0/24@10.1.0.2%v0 -o /tmp/plan
	attached 'ping_twice 10.9.0.1' /tmp/plan --json --every 1h
	hits 2
	rm /tmp/plan
}

two_routes() {
	begin /progs/route.bpf.o --only out --only xmit --on out=10.9.0.0/24@10.1.0.2%v0 \
		--on xmit=fd00:9::/64@fd00:1::2%v0 --json --every 1h
	ping_twice 10.9.0.1
	ping_twice fd00:9::1
	end
	hits 4
}

# A program that drops all or half of the traffic may cut off its user.
route_world() {
	ip route add default via 10.1.0.2 metric 5
	attached 'ping_twice 10.9.0.1' /progs/route.bpf.o --only out \
		--on 0.0.0.0/1@10.1.0.2%v0 --yes --json --every 1h
	hits 2
	told 'default route goes through v0'
	refused /sonde run /progs/route.bpf.o --only drop --on 0.0.0.0/1@10.1.0.2%v0 </dev/null
	grep -q 'default route goes through v0' /tmp/err
	ip route del default
}

# Existing routes are not modified.
route_busy() {
	ip route add 10.9.0.0/24 via 10.1.0.2
	ip route show 10.9.0.0/24 >/tmp/first
	refused /sonde run /progs/route.bpf.o --only out --on 10.9.0.0/24@v0 --for 5s
	grep -q 'attach: .*EEXIST' /tmp/err
	grep -q '^hint: a route to 10.9.0.0/24 exists already .*sonde detach 10.9.0.0/24@v0$' /tmp/err
	[ "$(/sonde detach 10.9.0.0/24)" = "10.9.0.0/24: no stale attachment of sonde's" ]
	ip route show 10.9.0.0/24 | cmp /tmp/first -
	ip route del 10.9.0.0/24
}

# shellcheck disable=SC2086 # several words
route_wrong() {
	run_on='/sonde run /progs/route.bpf.o --for 5s --only'
	refused $run_on out
	grep -q 'requires a route' /tmp/err
	refused $run_on out --on 10.9.0.0/24@v9
	grep -q "no network interface 'v9'" /tmp/err
	refused $run_on out --on 10.9.0.0/24@10.7.0.1%v0
	grep -q '^hint: the gateway is not a neighbour' /tmp/err
	refused $run_on out --on fd00:9::/64@fd00:7::1%v0
	grep -q '^hint: the gateway is not a neighbour' /tmp/err
	refused $run_on segment --on fc00::1@lo
	ip link add down type veth peer name below
	refused $run_on out --on 10.9.0.0/24@down
	grep -q '^hint: the interface is down: ip link set dev down up' /tmp/err
	ip link del down
}

# killed_route PROG ROUTE COMMAND…: after SIGKILL, the route and its program remain while the command
# succeeds; the next sonde reports this, and sonde detach removes it.
killed_route() {
	program=$1 route=$2
	shift 2
	routes >/tmp/routes
	begin /progs/route.bpf.o --only "$program" --on "$route"
	end KILL || [ $? = 137 ]
	fails cmp -s /tmp/routes - <<-now
		$(routes)
	now
	/act bpf | grep -q " $program\$"
	"$@"
	refused /sonde run /progs/route.bpf.o --only "$program" --on "$route" --for 5s
	grep -q "sonde detach $route" /tmp/err
	/sonde detach "$route" >/tmp/said
	grep -q "^$route: removed the route" /tmp/said
	routes | cmp /tmp/routes -
	[ "$(/sonde detach "$route")" = "$route: no stale attachment of sonde's" ]
}

killed_by_prefix() {
	begin /progs/route.bpf.o --only drop --on 10.8.0.1@lo
	end KILL || [ $? = 137 ]
	[ "$(/sonde detach 10.8.0.1)" = "10.8.0.1: removed the route of table local (proto 211)" ]
	refused /sonde detach 10.8.0.1 7
}

# ---- sonde calls: requests and probes that other programs leave behind ----

# Every process that has a netlink socket or a file of tracefs is followed call by call.
calls_requests() {
	/sonde calls -- /sonde run /progs/route.bpf.o --only out --on 10.9.0.0/24@10.1.0.2%v0 --for 100ms \
		</dev/null >/tmp/out 2>/tmp/err
	grep -qE "^netlink\(family 0, RTM_NEWROUTE bpf, fd [0-9]+ \(program 'out'\), [0-9]+ bytes\) = [0-9]+  # " /tmp/err
	/sonde calls -- /sonde run /progs/tc.bpf.o --only out --on v0 --for 100ms </dev/null >/tmp/out 2>/tmp/err
	if ! grep -q 'BPF_TCX_EGRESS}.* = [0-9]' /tmp/err; then
		cat >/tmp/expected <<-END
			RTM_NEWQDISC clsact, interface $(cat /sys/class/net/v0/ifindex)
			RTM_NEWTFILTER bpf, interface $(cat /sys/class/net/v0/ifindex), fd (program 'out')
			RTM_DELTFILTER bpf, interface $(cat /sys/class/net/v0/ifindex)
			RTM_DELQDISC clsact, interface $(cat /sys/class/net/v0/ifindex)
		END
		sed -nE "s/^netlink\(family 0, (.*), [0-9]+ bytes\) = [0-9]+  # .*/\1/; s/fd [0-9]+/fd/p; /^RTM/p" \
			/tmp/err | uniq | cmp - /tmp/expected
	fi
}

calls_probes() {
	mount -t tracefs none /sys/kernel/tracing
	# shellcheck disable=SC2016
	/sonde calls -- sh -c 'cd /sys/kernel/tracing && echo p:group/name kfree >kprobe_events &&
		echo -:group/name >>kprobe_events; echo p:x >/tmp/kprobe_events' >/tmp/out 2>/tmp/err ||
		true
	umount /sys/kernel/tracing
	[ "$(grep -c '^append "' /tmp/err)" = 2 ]
	grep -q '^append "p:group/name kfree" to "kprobe_events" of tracefs = [1-9]' /tmp/err
	grep -q '^append "-:group/name" to "kprobe_events" of tracefs = [1-9]' /tmp/err
}

# The same without a filter: all that its end removes.
calls_running() {
	begin /progs/tc.bpf.o --only out --on v0
	/sonde calls -p "$sonde" >/tmp/seen 2>/tmp/note &
	tracer=$!
	until grep -q following /tmp/note; do usleep 10000; done
	end
	wait $tracer
	grep -q BPF_OBJ_GET_INFO_BY_FD /tmp/seen
	case $(uname -r) in
	5.* | 6.[1-5].*) grep -q '^netlink(family 0, RTM_DELTFILTER bpf' /tmp/seen ;;
	esac
}

proof "calls: netlink requests" calls_requests
proof "calls: probes" calls_probes
proof "calls: a running process" calls_running

proof "lwt_out" counts 2 'ping_twice 10.9.0.1' out 10.9.0.0/24@10.1.0.2%v0
proof "lwt_xmit" counts 2 'ping_twice 10.9.0.1' xmit 10.9.0.1@10.1.0.2%v0
proof "lwt_xmit, a full packet" counts 1 'ping -q -c 1 -s 1472 -W 5 10.9.0.1' xmit \
	10.9.0.1@10.1.0.2%v0
# The packet is fragmented, since the headroom reduces the MTU.
proof "lwt_xmit with headroom" counts 2 'ping -q -c 1 -s 1472 -W 5 10.9.0.1' xmit \
	10.9.0.1@10.1.0.2%v0+20
proof "lwt_in" counts 2 'beyond ping -q -c 2 -W 5 10.8.0.1' in 10.8.0.0/24@lo
proof "lwt_in drops packets" counts '[1-9]' 'fails beyond ping -q -c 1 -W 1 10.8.0.1' drop 10.8.0.1@lo
proof "lwt_in on a forwarded packet" counts '[1-9]' is_stopped drop 10.9.0.0/24@lo
proof "lwt_out, IPv6" counts 2 'ping_twice fd00:9::1' out fd00:9::/64@fd00:1::2%v0
proof "lwt_xmit, IPv6" counts 2 'ping_twice fd00:9::1' xmit fd00:9::1@fd00:1::2%v0
proof "lwt_in, IPv6" counts 2 'beyond ping -q -c 2 -W 5 fd00:8::1' in fd00:8::1@lo
proof "lwt_seg6local" counts 5 segments_come segment fc00::1@v0
proof "a route by interface index" by_number
proof "a route from a saved plan" saved_route
proof "two routes" two_routes
proof "a route that covers most addresses" route_world
proof "a route that exists already" route_busy
proof "invalid routes" route_wrong
proof "lwt_out: stale after SIGKILL" killed_route out 10.9.0.0/24@10.1.0.2%v0 answers 10.9.0.1
proof "lwt_xmit: stale after SIGKILL" killed_route xmit fd00:9::/64@fd00:1::2%v0 answers fd00:9::1
proof "lwt_in: stale after SIGKILL" killed_route drop 10.9.0.0/24@lo is_stopped
proof "lwt_seg6local: stale after SIGKILL" killed_route segment fc00::1@v0 answers fd00:1::2
proof "a stale route by its prefix" killed_by_prefix

# ---- programs without a link ----

# listed PLACE: the ids of the programs that `sonde detach PLACE` lists.
listed() {
	/sonde detach "$1" >/tmp/said 2>/tmp/hint
	grep -q "^hint: .*sonde detach $1 ID\$" /tmp/hint
	sed -n 's/^ *\([0-9][0-9]*\)  .*/\1/p' /tmp/said
}

# killed PLACE HOOK NAME FILE ARGUMENT…: runs `sonde run` as on a kernel without links, then SIGKILL. The
# program remains and is listed; another id removes nothing, its own id removes it.
killed() {
	place=$1 hook=$2 name=$3
	shift 3
	through='/net old'
	begin "$@"
	told "SIGKILL.*sonde detach $place "
	end KILL || [ $? = 137 ]
	id=$(listed "$place")
	grep -q "^ *$id  $hook  *$name\$" /tmp/said
	/act bpf | grep -qx "prog $id $name"
	refused /sonde detach "$place" $((id + 1))
	[ "$(listed "$place")" = "$id" ]
	[ "$(/sonde detach "$place" "$id")" = "$place: removed program $id ($hook)" ]
	[ "$(/sonde detach "$place")" = "$place: no stale attachment of sonde's" ]
}

xdp_killed() {
	through='/net old'
	begin /course/c11_noping.bpf.o --on "v0$1"
	end KILL || [ $? = 137 ]
	silent 10.1.0.2
	[ "$(/net xdp v0)" = "$2" ]
	/sonde detach v0 "$(listed v0)"
	answers 10.1.0.2
	[ "$(/net xdp v0)" = 0 ]
}

# Programs attached by links are neither listed nor removed.
linked() {
	place=$1
	shift
	through=
	begin "$@"
	[ "$(/sonde detach "$place")" = "$place: no stale attachment of sonde's" ]
	id=$(/act bpf | sed -n 's/^prog \([0-9]*\) .*/\1/p' | tail -n 1)
	refused /sonde detach "$place" "$id"
	grep -q "nothing with id $id is attached there without a link" /tmp/err
	/act bpf | grep -q "^prog $id "
	end
}

# Of several, only the named one is removed.
one_of_several() {
	through='/net old'
	for program in deny_egress deny_sock egress; do
		begin /progs/cgroup.bpf.o --only $program --on $group
		end KILL || [ $? = 137 ]
	done
	[ "$(listed $group | wc -l)" = 3 ]
	/sonde detach $group "$(sed -n 's/^ *\([0-9]*\)  .*  deny_egress$/\1/p' /tmp/said)"
	listed $group >/tmp/ids
	grep -q '  deny_sock$' /tmp/said
	grep -q '  egress$' /tmp/said
	[ "$(wc -l </tmp/ids)" = 2 ]
	while read -r id; do
		/sonde detach $group "$id"
	done </tmp/ids
}

# A cgroup that is not mounted is found below its root.
unmounted() {
	umount /sys/fs/cgroup
	killed ./child cgroup/dev deny_dev /progs/cgroup.bpf.o --only deny_dev --on child
	mount -t cgroup2 none /sys/fs/cgroup
}

# One call removes tc filters and lists the XDP program.
both_at_once() {
	through='/net old'
	begin /progs/tc.bpf.o --only out --on v0
	end KILL || [ $? = 137 ]
	begin /progs/xdp.bpf.o --only plain --on v0
	end KILL || [ $? = 137 ]
	id=$(listed v0)
	grep -q '^v0: removed the program of egress' /tmp/said
	/sonde detach v0 "$id"
	/net del v0 clsact
}

detach_wrong() {
	refused /sonde detach v9
	grep -q "no network interface 'v9'" /tmp/err
	refused /sonde detach v9 7
	grep -q '^hint: a cgroup .*\./v9' /tmp/err
	refused /sonde detach blue:v0
	grep -q 'network namespace.* /run/netns/blue: ENOENT' /tmp/err
	refused /sonde detach $there:v0
	grep -q "there is no network interface 'v0'" /tmp/err
	refused /sonde detach /sys/fs/cgroup/none
	grep -q '^hint: a cgroup is a directory' /tmp/err
	refused /sonde detach /proc
	grep -q '^hint: .*not a directory of cgroup2' /tmp/err
	refused /sonde detach 10.1.0.1/24
	refused /sonde detach /dev/lirc0
	refused /act as 1000 0 /sonde detach $group
	grep -q '^hint: .*root' /tmp/err
	refused /act as 1000 0 /sonde detach 10.9.0.0/24
	grep -q '^hint: .*root' /tmp/err
}

# The program of a pinned map is detached with sonde; after SIGKILL, with the pin.
pinned_map() {
	mount -t bpf none /sys/fs/bpf
	through='/net old'
	begin /progs/pinned.bpf.o
	told 'before 6.10 .*SIGKILL.*rm /sys/fs/bpf/kept'
	end
	soon no_program verdict
	begin /progs/pinned.bpf.o
	end KILL || [ $? = 137 ]
	usleep 500000
	fails no_program verdict
	rm /sys/fs/bpf/kept
	soon no_program verdict
	umount /sys/fs/bpf
}
no_program() {
	fails grep -q "^prog .* $1\$" <<-now
		$(/act bpf)
	now
}

proof "XDP: stale after SIGKILL" killed v0 'xdp, driver' drop_icmp /course/c11_noping.bpf.o --on v0
proof "XDP of another network namespace: stale after SIGKILL" killed $there:veth0 'xdp, driver' drop_icmp \
	/course/c11_noping.bpf.o --on $there:veth0
proof "XDP, driver mode: stale after SIGKILL" xdp_killed :driver 1
proof "XDP, generic mode: stale after SIGKILL" xdp_killed :generic 2
proof "an XDP link is left alone" linked v0 /course/c11_noping.bpf.o --on v0
proof "XDP and tc: stale after SIGKILL" both_at_once
proof "cgroup: stale after SIGKILL" killed $group cgroup_skb/egress deny_egress \
	/progs/cgroup.bpf.o --only deny_egress --on $group
proof "cgroup ingress: stale after SIGKILL" killed $group cgroup_skb/ingress deny_skb \
	/progs/cgroup.bpf.o --only deny_skb --on $group:ingress
proof "the root cgroup: stale after SIGKILL" killed . cgroup/connect4 connect4 \
	/progs/cgroup.bpf.o --only connect4 --on .
proof "a cgroup that is not mounted: stale after SIGKILL" unmounted
proof "one program of several" one_of_several
proof "cgroup links are left alone" linked $group /progs/cgroup.bpf.o --only deny_dev --on $group
proof "flow_dissector: stale after SIGKILL" killed own flow_dissector dissect \
	/progs/sockets.bpf.o --only dissect --on own
proof "a flow_dissector link is left alone" linked own /progs/sockets.bpf.o --only dissect --on own
proof "a pinned socket map" pinned_map
proof "sonde detach: invalid arguments" detach_wrong

echo "1..$number"

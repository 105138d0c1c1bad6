# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Where programs attach on this kernel: functions by pattern, interfaces by all of their names.
# shellcheck source=/dev/null
. /cable.sh

object=/attach.bpf.o

# calls COMMAND ARGUMENT…: how often the program ran while the command did. The arguments are those
# of `sonde run`.
calls() {
	command=$1
	shift
	begin $object --map .bss --every 1h "$@" >/dev/null
	$command >/dev/null
	end
	sed -n 's/^ *calls *= //p' /tmp/out | tail -n 1
}

# ---- struct_ops ----

congestion() {
	grep -q sonde_proof /proc/sys/net/ipv4/tcp_available_congestion_control
}

struct_ops() {
	begin /ops.bpf.o --map .bss --every 1h
	congestion
	end
	grep -q '^ *registered = 1' /tmp/out
	begin /ops.bpf.o --only on_register
	fails congestion
	end
	begin /ops.bpf.o --skip threshold
	fails congestion
	end
	begin /ops.bpf.o --only undo
	congestion
	grep -q '3 programs attached' /tmp/err
	refused /sonde run /ops.bpf.o --for 1s
	grep -q '^hint: another one of that name is registered' /tmp/err
	end
}

# First: 5.10 knows no struct_ops until a program has been loaded.
! has CONFIG_DEBUG_INFO_BTF || proof "struct_ops: whole, and after programs" struct_ops

# ---- functions by pattern ----

read_a_file() {
	cat /proc/uptime
}
ping_there() {
	soon answers 10.1.0.2
}

all_functions() {
	[ "$(calls read_a_file --only all)" -gt 100 ]
}

functions_of_the_kernel() {
	[ "$(calls read_a_file --only vfs)" -gt 0 ]
}

functions_of_a_module() {
	[ "$(calls ping_there --only veth)" -gt 0 ]
	[ "$(calls ping_there --only of_veth)" -gt 0 ]
}

# Several functions have this name: the kernel itself would take none of them by it.
ambiguous_names() {
	[ "$(grep -c '^[^ ]* [tT] t_next$' /proc/kallsyms)" -gt 1 ]
	begin $object --only ambiguous
	end
	! since 6.7 || one_of_them
}
one_of_them() {
	refused /sonde run $object --only ambiguous_one --for 1s
	grep -q '^hint: several functions have this name: SEC("kprobe.multi/t_next")' /tmp/err
}

hidden_addresses() {
	echo 2 >/proc/sys/kernel/kptr_restrict
	functions_of_the_kernel
	echo 0 >/proc/sys/kernel/kptr_restrict
}

typed_functions() {
	[ "$(calls read_a_file --only typed_vfs)" -gt 0 ]
	[ "$(calls ping_there --only typed_veth)" -gt 0 ]
}

if has CONFIG_FPROBE; then
	proof "kprobe.multi: 40,000 functions" all_functions
	proof "kprobe.multi: functions of the kernel" functions_of_the_kernel
	proof "kprobe.multi: functions of a module" functions_of_a_module
	proof "kprobe.multi: an ambiguous name" ambiguous_names
	proof "kprobe.multi: the kernel hides addresses" hidden_addresses
fi
if since 7.2; then
	proof "fentry.multi: functions of the kernel and of a module" typed_functions
fi

# ---- interfaces by all of their names ----

long=a-long-name-of-this-interface-in-the-second-rack
ip link add d0 type dummy
ip link set d0 up
mkdir -p /run/netns
touch /run/netns/blue
mount --bind /proc/$there/ns/net /run/netns/blue
v0=$(cat /sys/class/net/v0/ifindex)
names="v0 $v0"
if since 5.5; then
	/link altname v0 enp9s9
	/link altname v0 $long
	names="$names enp9s9 $long"
fi

# Without a terminal, nobody can be asked.
protected() {
	for program in xdp tc tcx; do
		refused /sonde run $object --only $program --on "$program=$1" --for 1s </dev/null
		grep -q 'the default route goes through' /tmp/err
		grep -q '^hint: --yes' /tmp/err
	done
}
unprotected() {
	/sonde run $object --only xdp --on "xdp=$1" --for 10ms </dev/null
}

default_route_by_any_name() {
	unprotected v0
	ip route add default via 10.1.0.2
	for name in $names; do
		protected "$name"
	done
	protected $$:v0
	unprotected d0
	unprotected lo
	ip route del default
}

default_route_of_ipv6() {
	ip -6 route add default via fd00:1::2
	protected v0
	ip -6 route del default
	unprotected v0
}

default_route_of_many_hops() {
	/link multipath d0 v0
	protected d0
	protected v0
	ip route del default
}

default_route_of_nexthops() {
	for compatible in 1 0; do
		echo $compatible >/proc/sys/net/ipv4/nexthop_compat_mode
		/link nexthops v0 10.1.0.2
		protected v0
		unprotected d0
		/link nexthops
		unprotected v0
	done
	echo 1 >/proc/sys/net/ipv4/nexthop_compat_mode
}

# An interface may be called like the number of another one.
named_like_a_number() {
	ip link add 1 type dummy
	ip link set 1 up
	begin $object --only xdp --on xdp=1
	ip link del 1
	soon said "^note: 'xdp' is no longer attached: its interface was removed"
	end
	begin $object --only xdp --on xdp=1
	end
	told 'generic mode: the driver of 1 has no XDP'
	refused /sonde run $object --only xdp --on xdp=99999 --for 1s
	grep -q "there is no network interface '99999'" /tmp/err
}

halves_of_all_addresses() {
	ip route add 0.0.0.0/1 dev v0
	protected v0
	ip route del 0.0.0.0/1
}

port_of_a_bridge() {
	ip link add d1 type dummy
	ip link set d1 up
	brctl addbr br0
	brctl addif br0 d1
	ip link set br0 up
	ip route add default dev br0
	protected d1
	protected br0
	unprotected v0
	ip link del br0
	ip link del d1
}

by_any_name() {
	for name in $names; do
		attached 'silent 10.1.0.2' $object --only xdp --on "xdp=$name"
	done
	for program in tc tcx; do
		attached 'silent 10.1.0.2' $object --only $program --on "$program=$name"
	done
	soon answers 10.1.0.2
	refused /sonde run $object --only xdp --on xdp=${long}x --for 1s
	grep -q "no network interface '${long}x'" /tmp/err
}

namespaces() {
	for name in blue:veth0 /run/netns/blue:veth0 $there:veth0 /proc/$there/ns/net:veth0; do
		attached 'silent 10.1.0.2' $object --only xdp --on xdp=$name
		attached 'silent 10.1.0.2' $object --only tc --on tc=$name:ingress
		soon answers 10.1.0.2
	done
	attached 'silent 10.1.0.2' $object --only xdp --on xdp=blue:veth0:skb
}

wrong_namespaces() {
	refused /sonde run $object --only xdp --on xdp=green:v0 --for 1s
	grep -q "^hint: there is no network namespace 'green'" /tmp/err
	refused /sonde run $object --only xdp --on xdp=blue:v0 --for 1s
	grep -q "no network interface 'v0'" /tmp/err
	grep -q '^hint: available interfaces: .*veth0' /tmp/err
	refused /sonde run $object --only xdp --on xdp=v9 --for 1s
	grep -q 'NETNS:INTERFACE' /tmp/err
	refused /sonde run $object --only xdp --on xdp=/proc/uptime:v0 --for 1s
	grep -q '^hint: it is not a network namespace' /tmp/err
	refused /sonde run $object --only xdp --on xdp=v0:quick --for 1s
	grep -q "'quick' is no mode" /tmp/err
	answers 10.1.0.2
}

# A failure after the namespace was entered leads back out of it, and leaves nothing.
failure_in_a_namespace() {
	refused /sonde run $object --only xdp --only tc --on xdp=blue:veth0 --on tc=v9 --for 1s
	grep -q '^hint: available interfaces: .*v0' /tmp/err
	answers 10.1.0.2
}

modes() {
	for mode in generic skb driver native; do
		attached 'silent 10.1.0.2' $object --only xdp --on xdp=v0:$mode
		told_nothing
	done
	/sonde run $object --only xdp --on xdp=d0 --for 10ms 2>/tmp/err
	told 'generic mode: the driver of d0 has no XDP'
	/sonde run $object --only xdp --on xdp=d0:skb --for 10ms 2>/tmp/err
	told_nothing
}

big_packets() {
	ip link set v0 mtu 9000
	beyond ip link set veth0 mtu 9000
	refused /sonde run $object --only xdp --on xdp=v0 --for 1s
	grep -q '^hint: the MTU of v0 .*xdp.frags.*smaller MTU.*v0:generic' /tmp/err
	! since 5.18 || attached : $object --only frags --on frags=v0
	attached : $object --only xdp --on xdp=v0:generic
	ip link set v0 mtu 1500
	beyond ip link set veth0 mtu 1500
}

# ---- order ----

# seen FIRST SECOND TARGET ARGUMENT…: how often SECOND ran, attached after FIRST, while pings came
# that FIRST drops.
seen() {
	first=$1 second=$2 target=$3 order=$4 address=${5-10.1.0.2}
	begin $object --map .bss --every 1h --only $first --only $second \
		--on $first=$target --on $second=$target$order >/dev/null
	silent "$address" >/dev/null
	end
	sed -n 's/^ *seen *= //p' /tmp/out | tail -n 1
}

order_of_tcx() {
	[ "$(seen tcx next v0 '')" = 0 ]
	[ "$(seen tcx next v0 :last)" = 0 ]
	[ "$(seen tcx next v0 :first)" -gt 0 ]
	[ "$(seen tcx next v0 :before=tcx)" -gt 0 ]
	[ "$(seen tcx next v0 :after=tcx)" = 0 ]
	[ "$(seen tcx next $there:veth0 :first)" -gt 0 ]
	# by the pin and the id of a program that another process has attached
	mkdir -p /sys/fs/bpf
	mount -t bpf bpf /sys/fs/bpf
	/sonde load $object --only tcx --pin /sys/fs/bpf/x
	refused /sonde run $object --only next --on next=v0:before=/sys/fs/bpf/x/prog/tcx --for 1s
	grep -q '^hint: the other program is not attached there' /tmp/err
	umount /sys/fs/bpf
	refused /sonde run $object --only next --on next=v0:after=4000000 --for 1s
	refused /sonde run $object --only next --on next=v0:before=none --for 1s
	grep -q "there is no program 'none'" /tmp/err
}

order_of_netkit() {
	ip link add kit type netkit
	ip link set nk0 netns $there
	ip addr add 10.2.0.1/24 dev kit
	ip link set kit up
	beyond ip addr add 10.2.0.2/24 dev nk0
	beyond ip link set nk0 up
	soon answers 10.2.0.2
	for order in '' :last :after=kit; do
		[ "$(seen kit kit_next kit "$order" 10.2.0.2)" = 0 ]
	done
	for order in :first :before=kit; do
		[ "$(seen kit kit_next kit "$order" 10.2.0.2)" -gt 0 ]
	done
	ip link del kit
}

# One program on two interfaces, detached from both.
two_interfaces() {
	attached 'silent 10.1.0.2' $object --only "$1" --on "$1=d0" --on "$1=v0"
	soon answers 10.1.0.2
	begin $object --only "$1" --on "$1=v0" --on "$1=d0"
	silent 10.1.0.2
	end
	soon answers 10.1.0.2
}

order_too_new() {
	refused /sonde run $object --only tc --on tc=v0:first --for 1s
	grep -q '^hint: an order of programs requires Linux 6.6' /tmp/err
	answers 10.1.0.2
}

# All programs of a cgroup run, whatever the others return: the kernel accepts the order.
order_of_cgroups() {
	mkdir -p /sys/fs/cgroup
	mount -t cgroup2 cgroup /sys/fs/cgroup
	mkdir /sys/fs/cgroup/a
	for order in '' :first :last :before=deny :after=deny; do
		begin $object --only deny --only watch --on deny=a --on watch=a$order
		end
	done
	refused /sonde run $object --only watch --on watch=a:after=4000000 --for 1s
	rmdir /sys/fs/cgroup/a
	umount /sys/fs/cgroup
}

if since 6.6; then
	proof "first, last, before, after: tcx" order_of_tcx
else
	proof "first on a kernel without tcx" order_too_new
fi
! since 6.7 || proof "first, last, before, after: netkit" order_of_netkit
! since 6.17 || proof "first, last, before, after: cgroups" order_of_cgroups
for program in xdp tc; do
	proof "one $program program on two interfaces" two_interfaces $program
done

# ---- types and arguments of programs ----

# The tail calls of all three drop the packets.
types() {
	refused /sonde load /foreign.bpf.o
	grep -q "unknown section name '2/0'" /tmp/err
	attached 'silent 10.1.0.2' /foreign.bpf.o --type classifier --on v0:ingress
	soon answers 10.1.0.2
}

arguments() {
	begin $object --only called --map .bss --every 1h --arg called=add=40,sign=-2
	end
	grep -q '^ *seen = 38' /tmp/out
	begin $object --only called
	end
	told "'called' is not run: it takes arguments .struct args."
}

# ---- what the kernel implements and takes away ----

said() {
	grep -q "$1" /tmp/err
}

ejected_scheduler() {
	begin /scx.bpf.o
	soon said '^note: the kernel ejected the scheduler: scx_bpf_error: enough$'
	end
}

no_scheduler() {
	refused /sonde run /scx.bpf.o --for 1s
	grep -q '^hint: schedulers require .*CONFIG_SCHED_CLASS_EXT' /tmp/err
}

interface_removed() {
	for program in xdp tc; do
		ip link add d2 type dummy
		ip link set d2 up
		begin $object --only $program --on $program=lo --on $program=d2
		fails said 'no longer attached'
		ip link del d2
		soon said "^note: '$program' is no longer attached: its interface was removed"
		end
		[ "$(lines /tmp/err 'no longer attached')" = 1 ]
	done
}

cgroup_removed() {
	mkdir -p /sys/fs/cgroup
	mount -t cgroup2 cgroup /sys/fs/cgroup
	mkdir /sys/fs/cgroup/b
	begin $object --only watch --on watch=b
	rmdir /sys/fs/cgroup/b
	soon said "^note: 'watch' is no longer attached: its cgroup was removed"
	end
	umount /sys/fs/cgroup
}

driver_metadata() {
	attached 'silent 10.1.0.2' $object --only metadata --on metadata=v0
	refused /sonde run $object --only metadata --on metadata=d0 --for 1s
	grep -q '^hint: the driver of this interface provides no XDP metadata' /tmp/err
	refused /sonde run $object --only metadata --for 1s
	grep -q 'requires an interface at load time' /tmp/err
	refused /sonde run $object --only metadata --on metadata=blue:veth0 --for 1s
	grep -q '^hint: .*ip netns exec' /tmp/err
}

# ones ARGUMENT…: the number of objects that an iterator shows.
ones() {
	/sonde run $object --for 500ms "$@" 2>/dev/null | grep -c one
}

elements() {
	[ "$(ones --only elements --on elements=numbers)" = 3 ]
	refused /sonde run $object --only elements --for 1s
	grep -q '^hint: name the map: --on' /tmp/err
}

listening() {
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':1388 .* 0A '
}

# In one look at both.
collected() {
	[ "$(grep -A 2 one /tmp/out | grep -c one)" -ge 2 ]
}

# The sockets of a connection: the program that collects them runs beside the iterators.
sockets() {
	mkdir -p /sys/fs/cgroup
	mount -t cgroup2 cgroup /sys/fs/cgroup
	begin $object --only collect --on collect=/sys/fs/cgroup --only in_sockmap \
		--on in_sockmap=sockets --only in_storage --on in_storage=stored --every 200ms
	sleep 1000 | nc -l -p 5000 >/dev/null &
	soon listening
	sleep 1000 | nc 127.0.0.1 5000 >/dev/null &
	soon collected
	end
	for program in in_sockmap in_storage; do
		refused /sonde run $object --only $program --for 1s
		grep -q '^hint: name the map: --on' /tmp/err
	done
	umount /sys/fs/cgroup
}

mappings_of_a_process() {
	[ "$(ones --only mappings --on mappings=$$)" = "$(grep -c . /proc/$$/maps)" ] ||
		[ "$(ones --only mappings --on mappings=$$)" = $(($(grep -c . /proc/$$/maps) - 1)) ]
	[ "$(ones --only mappings)" -gt 20 ]
}

tasks_and_cgroups() {
	[ "$(ones --only tasks)" -gt 3 ]
	[ "$(ones --only tasks --on tasks=$$)" = 1 ]
	mkdir -p /sys/fs/cgroup
	mount -t cgroup2 cgroup /sys/fs/cgroup
	mkdir -p /sys/fs/cgroup/b/c
	[ "$(ones --only groups --on groups=b)" = 2 ]
	rmdir /sys/fs/cgroup/b/c /sys/fs/cgroup/b
	umount /sys/fs/cgroup
}

proof "programs without a type, and tail calls of iproute2" types
! since 5.14 || proof "arguments of a called program" arguments
if has CONFIG_DEBUG_INFO_BTF; then
	proof "an iterator over a map" elements
fi
if has CONFIG_SCHED_CLASS_EXT; then
	proof "an ejected scheduler is reported" ejected_scheduler
elif has CONFIG_DEBUG_INFO_BTF; then
	proof "a scheduler where the kernel takes none" no_scheduler
fi
proof "a removed interface is reported" interface_removed
proof "a removed cgroup is reported" cgroup_removed
! since 6.3 || proof "XDP metadata of the driver" driver_metadata
if since 5.12 && has CONFIG_DEBUG_INFO_BTF; then
	proof "iterators over a sockmap and socket storage" sockets
fi
! since 6.1 || proof "an iterator over the mappings of a process" mappings_of_a_process
! since 6.1 || proof "iterators over a process and a cgroup" tasks_and_cgroups
proof "the default route, whatever the interface is called" default_route_by_any_name
proof "the default route of IPv6" default_route_of_ipv6
proof "the default route of several next hops" default_route_of_many_hops
! since 5.8 || proof "the default route of next hops with ids" default_route_of_nexthops
proof "an interface that is named like a number" named_like_a_number
proof "half of all addresses" halves_of_all_addresses
proof "a port of the bridge with the default route" port_of_a_bridge
proof "an interface by any of its names" by_any_name
proof "interfaces of other network namespaces" namespaces
proof "namespaces and interfaces that are not there" wrong_namespaces
proof "a failure in another network namespace" failure_in_a_namespace
proof "modes of XDP" modes
proof "XDP and large packets" big_packets

kill $there
echo "1..$number"

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Rights (docs/security.md): which capabilities each hook takes, which are kept while a run is shown, and
# that a denied system call is noticed. /rights has a line "HOOK|ARGUMENTS|CAPABILITIES|KEPT" for each
# row of the table in docs/security.md, for this kernel.
# shellcheck source=/dev/null
. /lib.sh

mount -t tracefs none /sys/kernel/tracing
mount -t securityfs none /sys/kernel/security
mount -t cgroup2 none /sys/fs/cgroup
mkdir /sys/fs/cgroup/child
chmod 1777 /tmp
chmod -R a+rX /progs
# Before 5.11, maps count against this limit, and raising it takes CAP_SYS_RESOURCE.
ulimit -l unlimited
# Debian's own level 3 requires CAP_SYS_ADMIN for every perf event; 2 is the kernel's default.
echo 2 >/proc/sys/kernel/perf_event_paranoid

# An interface for routes.
ip link add v0 type veth peer name v1
ls /sys/class/net >/tmp/interfaces
for file in /proc/sys/net/ipv6/conf/v*/accept_dad; do echo 0 >"$file"; done
ip link set v0 up
ip link set "$(grep -vx 'lo\|v0' /tmp/interfaces | tail -n 1)" up
sleep 2 # the kernel adds routes of its own

# mask CAP…: capabilities as a number.
# shellcheck disable=SC2034 # read by eval
DAC_OVERRIDE=1 DAC_READ_SEARCH=2 NET_ADMIN=12 NET_RAW=13 IPC_LOCK=14 SYS_PTRACE=19 SYS_ADMIN=21 \
	SYS_RESOURCE=24 SYSLOG=34 PERFMON=38 BPF=39 CHECKPOINT_RESTORE=40
mask() {
	sum=0
	for cap; do
		eval "bit=\$$cap"
		# shellcheck disable=SC2154 # set by eval
		sum=$((sum | 1 << bit))
	done
	printf '0x%x' $sum
}

fails() {
	! "$@"
}

# field NAME: of the status of sonde.
field() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$(cat /tmp/pid)/status"
}

# keeps CAP…: what a process started as root has kept.
keeps() {
	for set in CapPrm CapEff; do
		[ $((0x$(field $set))) = $(($(mask "$@"))) ]
	done
	for set in CapInh CapAmb; do
		[ $((0x$(field $set))) = 0 ]
	done
	[ "$(field NoNewPrivs)" = 1 ]
	[ "$(field Seccomp)" = 2 ]
}

# ---- hooks ----

# with "CAP…" ARGUMENT…: whether a user with these capabilities can run it: everything is attached, shown,
# and detached at the end.
with() {
	caps=$1
	shift
	# shellcheck disable=SC2046,SC2086
	/act as 1000 $(mask $caps) /sonde run "$@" --for 200ms --yes </dev/null >/tmp/out 2>/tmp/err ||
		return 1
	! grep -qE 'denied|^[^ ]*: 0 programs attached' /tmp/err
}

# Everything that a hook may leave.
state() {
	/act ids
	cat /proc/mounts
	tc qdisc show dev lo
	ip link show dev lo
	ip route show table all
	ip -6 route show table all
}

# ends_with "KEPT…" SIGNAL ARGUMENT…: after it was shown with no right but those, the signal ends the run in
# order: nothing was denied, nothing failed. proof compares the states.
ends_with() {
	kept=$1 signal=$2
	shift 2
	begin "$@" --yes --every 1h
	# shellcheck disable=SC2086
	keeps $kept
	end "$signal"
	fails grep -E '^sonde|denied' /tmp/err
}

# hook "CAP…" ARGUMENT…: these capabilities suffice, and each is needed.
hook() {
	needed=$1
	shift
	with "$needed" "$@"
	for one in $needed; do
		rest=
		for cap in $needed; do
			[ "$cap" = "$one" ] || rest="$rest $cap"
		done
		fails with "$rest" "$@"
	done
}

while IFS='|' read -r name arguments needed kept; do
	# shellcheck disable=SC2086
	proof "$name: takes $needed" hook "$needed" $arguments
	# shellcheck disable=SC2086
	proof "$name: SIGTERM, with ${kept:-no capability}" ends_with "$kept" TERM $arguments
	# shellcheck disable=SC2086
	proof "$name: SIGINT, with ${kept:-no capability}" ends_with "$kept" INT $arguments
done </rights

# ---- the sandbox ----

# A system call that no run needs: socket(2).
denied() {
	begin /progs/execcount.bpf.o --every 1h
	/act inject "$sonde" 41
	status=0
	wait "$sonde" || status=$?
	rm /tmp/pid
	[ $status = 1 ]
	grep -q '^sonde: sandbox: system call 41 was denied' /tmp/err
	[ "$(grep -c '^sonde: ' /tmp/err)" = 1 ]
}

no_sandbox() {
	begin /progs/execcount.bpf.o --every 1h --no-sandbox
	[ "$(field Seccomp)" = 0 ]
	[ "$(field NoNewPrivs)" = 0 ]
	[ $((0x$(field CapEff))) = $((0x$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status))) ]
	end
}

# Attachments without links are removed also after a denied call: tc filters until 6.6.
denied_and_detached() {
	tc qdisc show dev lo >/tmp/qdiscs
	begin /progs/tcok.bpf.o --on lo --yes --every 1h
	/act inject "$sonde" 59
	wait "$sonde" || [ $? = 1 ]
	rm /tmp/pid
	tc qdisc show dev lo | cmp - /tmp/qdiscs
}

said() {
	begin /progs/cpuprof.bpf.o -v --every 1h
	end
	grep -q '^sandbox: keeps CAP_SYSLOG to read the addresses of kernel functions$' /tmp/err
	grep -q '^sandbox: keeps .*CAP_SYS_PTRACE.* to read the mappings' /tmp/err
	grep -q '^sandbox: a seccomp filter denies' /tmp/err
	begin /progs/cpuprof.bpf.o --every 1h
	end
	fails grep -q sandbox /tmp/err
}

# Where unprivileged users may call bpf(2), or may at least use their descriptors (5.19), nothing is kept.
unprivileged_bpf() {
	begin /progs/execcount.bpf.o --every 1h -v
	if [ "$(uname -r | cut -d. -f1)" = 5 ]; then
		keeps BPF
		grep -q '^sandbox: keeps CAP_BPF to make bpf(2) calls' /tmp/err
	else
		keeps
		grep -q '^sandbox: keeps no capability$' /tmp/err
	fi
	end
}

trace_is_shown() {
	/sonde trace >/tmp/out 2>/tmp/err &
	echo $! >/tmp/pid
	soon grep -q Seccomp:.*2 "/proc/$(cat /tmp/pid)/status"
	keeps
	kill "$(cat /tmp/pid)"
	wait "$(cat /tmp/pid)"
	rm /tmp/pid
}

[ "$(cat /proc/sys/kernel/unprivileged_bpf_disabled)" = 2 ]
proof "execcount" unprivileged_bpf
proof "a denied system call ends the run" denied
proof "a denied system call, and programs without links" denied_and_detached
proof "--no-sandbox" no_sandbox
proof "-v tells what is kept" said
proof "sonde trace" trace_is_shown
echo "1..$number"

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2154
#
# The pitfalls of docs/errors.md that need a kernel: each is triggered, and sonde must diagnose it or do
# what was intended. Starts in a bare machine, where nothing is mounted.
# shellcheck source=../guest/lib.sh source-path=SCRIPTDIR
. /lib.sh

machine=$(uname -m)
release=$(uname -r)
# since MAJOR.MINOR: whether this kernel is at least that version.
since() {
	[ "$(printf '%s\n' "$1" "${release%%-*}" | sort -V | head -n 1)" = "$1" ]
}
has() {
	grep -q "^$1=y" "/boot/config-$release"
}

# noted REGEX: a note matches. unnoted: there is no note.
noted() {
	grep -qE "^note: .*$1" /tmp/err
}
unnoted() {
	[ "$(lines /tmp/err '^note: ')" = 0 ]
}

# not COMMAND…: succeeds if COMMAND fails (set -e ignores a failing `!`).
not() {
	! "$@"
}

# run ARGUMENT…: attaches with `sonde run` and ends it at once.
run() {
	begin "$@"
	end
}

p1() {
	begin /pit/names.bpf.o --map a_map_whose_name_is_long --every 1h
	/does getppid
	end
	for key in 0 1 2 3 4; do
		[ "$(lines /tmp/out "^ *$key +10$key$")" = 1 ]
	done
}

p37() {
	begin /pit/names.bpf.o --map a_map_whose_name_is_long --every 1h --json
	/does getppid
	soon grep -q '"program":"a_program_whose_name_is_long"' /tmp/out
	end
	[ "$(lines /tmp/out '"map":"a_map_whose_name_is_long"')" = 5 ]
	refused /sonde run /pit/names.bpf.o --only a_program_whose_name_is_lost
	grep -q '^hint: .*a_program_whose_name_is_long' /tmp/err
}

p2() {
	begin /pit/wrapper.bpf.o --only plain --every 1h
	/does getppid
	end
	[ "$(lines /tmp/out 'entered = [1-9]')" = 1 ]
	# 32-bit ARM has no system call wrappers.
	if [ "$machine" = armv7l ]; then
		unnoted
	else
		noted "no function 'sys_getppid' here, attached to its wrapper '__[a-z0-9]+_sys_getppid'.*ksyscall/getppid"
	fi
}

p3() {
	begin /pit/wrapper.bpf.o --only misled --every 1h
	/does open 0x2a5 /tmp/x || true
	end
	noted "'misled' .*reads argument 3, but a wrapper has only one.*SEC\(\"ksyscall/openat\"\) with BPF_KSYSCALL"
	grep -q 'right_flags = 0' /tmp/out
	begin /pit/wrapper.bpf.o --only led --every 1h
	/does open 0x2a5 /tmp/x || true
	end
	unnoted
	grep -q 'right_flags = 1' /tmp/out
}

# Nothing calls open(2), or do_sys_open, which sonde reports after some seconds, but not for a program
# that runs. On an architecture without open(2), it fails at once.
p4() {
	only='--only bypassed --only new_open'
	if [ "$machine" = aarch64 ]; then
		refused /sonde run /pit/silent.bpf.o --only old_open --for 1s
		grep -q '^hint: libc opens files with openat.*sys_enter_openat' /tmp/err
	else
		only="$only --only old_open"
	fi
	# shellcheck disable=SC2086
	begin /pit/silent.bpf.o $only --every 1h
	soon noted "'bypassed' .*has not run in the last [0-9]+ s$"
	[ "$machine" = aarch64 ] ||
		soon noted "'old_open' .* is attached but has not run in the last [0-9]+ s: libc opens files with openat.*try SEC\(\"tp/syscalls/sys_enter_openat\"\)"
	end
	not noted "'new_open'"
}

p5() {
	if grep -q ' finish_task_switch$' /proc/kallsyms; then
		run /pit/silent.bpf.o --only cloned
	else
		refused /sonde run /pit/silent.bpf.o --only cloned --for 1s
		grep -qE '^hint: similar names: finish_task_switch\.(isra|constprop)\.0' /tmp/err
	fi
	refused /sonde run /pit/silent.bpf.o --only misspelt --for 1s
	grep -q '^hint: .*similar names: syscalls/sys_enter_openat' /tmp/err
}

p8() {
	begin /pit/percpu.bpf.o --every 1h
	/does getppid
	end
	noted "map 'calls': no program in this object adds entries"
	grep -q '^calls: (empty)' /tmp/out
}

p9() {
	rm -f /tmp/go
	mkfifo /tmp/go
	/does sleep <>/tmp/go >/tmp/who &
	sleeper=$!
	soon grep -q . /tmp/who
	begin /pit/threads.bpf.o --set "only_pid=$(cat /tmp/who)" --every 1h --map .bss
	echo >/tmp/go
	wait $sleeper
	end
	# A slow machine may miss a call, since the kernel does not run a program while it preempts one.
	entered=$(sed -n 's/^ *entered = //p' /tmp/out)
	by_thread=$(sed -n 's/^ *found_by_thread = //p' /tmp/out)
	[ "$entered" -ge 4 ]
	[ "$by_thread" -ge $((entered - 1)) ]
	[ "$(sed -n 's/^ *found_by_process = //p' /tmp/out)" -lt "$by_thread" ]
}

# At the entry of execve, comm is still the caller's; at sched_process_exec it is the new program's.
p10() {
	begin /progs/hello.bpf.o
	pid=$(/act exec 0 1 /bin/true)
	soon grep -qE "^$pid +act +execve by act, pid $pid" /tmp/out
	end
	if has CONFIG_DEBUG_INFO_BTF; then
		begin /progs/schedexec.bpf.o
		pid=$(/act exec 0 1 /bin/true)
		soon grep -qE "^$pid .*true" /tmp/out
		end
	fi
}

# CAP_BPF and CAP_PERFMON; without CAP_SYS_RESOURCE, old kernels enforce the limit.
p11() {
	ulimit -l 64
	if since 5.11; then
		# It fails because tracefs is not mounted, not because of memory.
		refused /act as 1000 $((1 << 39 | 1 << 38)) /sonde run /pit/large.bpf.o --for 10ms
		not grep -q 'ulimit\|locked memory' /tmp/err
		grep -q 'tracefs' /tmp/err
	else
		refused /act as 1000 $((1 << 39 | 1 << 38)) /sonde run /pit/large.bpf.o --for 10ms
		grep -q "^hint: Linux .* charges it to RLIMIT_MEMLOCK, which is 64 KB: raise the limit (ulimit -l unlimited)" /tmp/err
	fi
	# As root, sonde raises the limit itself.
	run /pit/large.bpf.o
}

p26() {
	# The hint names the missing capability and no other.
	refused /act as 1000 $((1 << 39 | 1 << 24)) /sonde run /pit/large.bpf.o --for 10ms
	grep -q '^hint: this process lacks CAP_PERFMON (root has' /tmp/err
	refused /act as 1000 $((1 << 39 | 1 << 38 | 1 << 24)) /sonde load /pit/large.bpf.o --pin /sys/fs/bpf/x
	grep -q 'bpffs is not mounted, and mounting it requires CAP_SYS_ADMIN$' /tmp/err
	if ! has CONFIG_DEBUG_INFO_BTF; then
		refused /sonde run /progs/tcpfent.bpf.o --for 10ms
		grep -q 'needs the types of the kernel\|BTF' /tmp/err
	fi
}

# Without the kernel's BTF, objects that do not need it run; for others, the hint names --btf.
p12() {
	if has CONFIG_DEBUG_INFO_BTF; then
		run /progs/opensnoop.bpf.o
		return
	fi
	run /progs/execcount.bpf.o
	refused /sonde run /progs/opensnoop.bpf.o --for 10ms
	grep -q '^hint: .*--btf' /tmp/err
}

p13() {
	[ ! -e /proc/mounts ]
	begin /pit/names.bpf.o -v
	end
	grep -q 'events/syscalls/sys_enter_getppid/id" of tracefs' /tmp/err
	[ ! -e /proc/mounts ]
}

p14() {
	begin /pit/lines.bpf.o --only newline
	for _ in 1 2 3; do /does getppid; done
	soon [ "$(lines /tmp/out 'one line 1')" -ge 3 ]
	end
	[ "$(lines /tmp/out '^$')" = 0 ]
	[ "$(lines /tmp/out 'one line 1$')" -ge 3 ]
}

# Whether a kernel prints such a line depends on backports, so the note does not depend on the kernel.
p16() {
	begin /pit/lines.bpf.o --only accents
	/does getppid
	end
	noted "'accents': a bpf_printk format is not plain ASCII: many kernels print nothing"
	run /pit/lines.bpf.o --only newline
	unnoted
}

p15() {
	run /pit/empty.bpf.o
	noted "map 'stages' \(prog array\) is empty: a tail call into it fails"
	begin /pit/twice.bpf.o --every 1h --map .bss
	/does getppid
	end
	noted "'second' .* is the target of tail calls and also attached: it runs on its own, too"
	grep -q 'runs = 2' /tmp/out
	run /progs/tptail.bpf.o
	unnoted
}

p17() {
	if since 5.16; then
		begin /pit/varied.bpf.o
		/does getppid
		soon grep -q ' 1 2 3 4 5$' /tmp/out
		end
		return
	fi
	# The error is preceded by the end of the verifier log.
	not /sonde run /pit/varied.bpf.o --for 10ms >/tmp/out 2>/tmp/err
	grep -qE "^hint: bpf_trace_vprintk\(\) needs Linux 5\.16; this kernel is $release" /tmp/err
}

p18() {
	not /sonde run /pit/direct.bpf.o --only wrong --on lo --for 10ms >/tmp/out 2>/tmp/err
	grep -qE '^sonde: .*invalid bpf_context access off=76.*, at: .* @ direct\.bpf\.c:[0-9]+' /tmp/err
	grep -q '^hint: .*bpf_skb_load_bytes()' /tmp/err
	run /pit/direct.bpf.o --only right --on lo
}

p19() {
	if [ "$machine" = armv7l ]; then
		refused /sonde run /pit/layout.bpf.o --only far_ones
		grep -q "^hint: it reads past the end of this kernel's tracepoint record.*CO-RE" /tmp/err
		run /pit/layout.bpf.o --only long_ones
		noted "'long_ones' .*reads 8 bytes at offset 16 of the record, where this kernel has 'filename'"
		run /pit/layout.bpf.o --only int_ones
		unnoted
	else
		run /pit/layout.bpf.o --only int_ones
		noted "'int_ones' .*reads 4 bytes at offset 12 of the record, where this kernel has nothing: .*CO-RE"
		run /pit/layout.bpf.o --only long_ones
		unnoted
	fi
}

p20() {
	run /progs/kmallocs.bpf.o
	run /progs/forks.bpf.o
}

# A program on the default-route interface requires --yes.
p24() {
	ip link add v0 type veth
	ip addr add 10.9.0.1/24 dev v0
	ip link set v0 up
	ip route add default via 10.9.0.2
	refused /sonde run /progs/xdppass.bpf.o --on v0
	grep -q '^sonde: .*: attach: the default route goes through v0: the program may cut off your own connection' /tmp/err
	grep -q '^hint: --yes: .*; with --for 30s' /tmp/err
	refused /sonde run /progs/xdppass.bpf.o --on v0 --for 10ms
	run /progs/xdppass.bpf.o --on v0 --yes
	noted 'the default route goes through v0'
	run /progs/xdppass.bpf.o --on lo
	not noted 'the default route'
	ip link del v0
}

# This machine was booted without "bpf" in lsm=.
p25() {
	has CONFIG_BPF_LSM && has CONFIG_DEBUG_INFO_BTF || return 0
	refused /sonde run /progs/lsmdeny.bpf.o --for 10ms
	grep -q "^sonde: .*'bpf' is not in lsm of " /tmp/err
	grep -q '^hint: boot with lsm=...,bpf' /tmp/err
}

status_of() {
	status=0
	"$@" >/tmp/out 2>/tmp/err || status=$?
	echo $status
}

p27() {
	[ "$(status_of /sonde run /pit/percpu.bpf.o --for 10ms)" = 0 ]
	[ "$(status_of /sonde run /pit/silent.bpf.o --only misspelt --for 10ms)" = 1 ]
	[ "$(status_of /sonde run /pit/direct.bpf.o --only wrong --on lo --for 10ms)" = 1 ]
	[ "$(status_of /sonde run /pit/missing.bpf.o)" = 1 ]
	[ "$(status_of /sonde run)" = 2 ]
	[ "$(status_of /sonde run --for x /pit/percpu.bpf.o)" = 2 ]
	for signal in INT TERM HUP; do
		begin /pit/percpu.bpf.o
		end $signal
	done
}

# 4096 bytes hold some 30 records of 104 bytes with their headers; the program submits 100.
p31() {
	begin /pit/ring.bpf.o --json
	kill -STOP "$sonde"
	/does getppid
	kill -CONT "$sonde"
	end
	received=$(lines /tmp/out '"map":"events"')
	[ "$received" -gt 10 ]
	[ "$received" -lt 100 ]
	grep -qE '^note: [1-9][0-9]* records were lost because the ring buffer was full' /tmp/err
	lost=$(sed -n 's/^note: \([0-9]*\) records.*/\1/p' /tmp/err)
	[ $(((received + lost) % 100)) = 0 ]
}

tab=$(printf '\t')

# Each line of mistakes.txt: a program of mistakes.bpf.c, the error and the hint. Some require types.
mistakes() {
	while IFS=$tab read -r name error hint; do
		case $name in
		bad_field | *_kfunc | *btf_tp* | fentry_* | lsm_* | iter_* | kernel_pointer)
			has CONFIG_DEBUG_INFO_BTF || continue
			;;
		esac
		! /sonde run /pit/mistakes.bpf.o --only "$name" --for 10ms >/tmp/out 2>/tmp/err || false
		grep -qE "^sonde: .*$error" /tmp/err
		[ -z "$hint" ] || grep -qE "^hint: .*$hint" /tmp/err
	done </pit/mistakes.txt
}

# Each line of verifier.txt: a program of verifier.bpf.c and the hint. Some are only rejected without
# rights, and one is accepted since 6.3.
verifier() {
	echo 0 >/proc/sys/kernel/unprivileged_bpf_disabled || true
	while IFS=$tab read -r name hint; do
		as=
		case $name in
		compared | moved | shown) as="/act as 1000 $((1 << 39))" ;;
		looped | calling) as="/act as 1000 0" ;;
		atomic_result) ! since 5.12 || continue ;;
		unset_variable) ! since 6.3 || continue ;;
		many_paths) # takes a minute: on a kernel that is not tested by default
			case $release in 6.18.*) ;; *) continue ;; esac
			;;
		esac
		# shellcheck disable=SC2086
		! $as /sonde load /pit/verifier.bpf.o --only "$name" >/tmp/out 2>/tmp/err || false
		grep -q '^sonde: .*rejected by the verifier' /tmp/err
		grep -qE "^hint: .*($hint)" /tmp/err
	done </pit/verifier.txt
}

# rejects OBJECT NAME HINT: the verifier rejects the program, and the hint is that one.
rejects() {
	! /sonde load "/pit/$1.bpf.o" --only "$2" >/tmp/out 2>/tmp/err || false
	grep -q '^sonde: .*rejected by the verifier' /tmp/err
	grep -qE "^hint: .*($3)" /tmp/err
}

# Each line of regions.txt: a program of regions.bpf.c, the hint, and the first kernel that has it; of
# several lines with one name, the last one applies.
regions() {
	has CONFIG_DEBUG_INFO_BTF || return 0
	while IFS=$tab read -r name hint from; do
		since "$from" || continue
		echo "$name$tab$hint" >"/tmp/region-$name"
	done </pit/regions.txt
	cat /tmp/region-* >/tmp/regions
	while IFS=$tab read -r name hint; do
		rejects regions "$name" "$hint"
	done </tmp/regions
	! since 5.13 || rejects terms kfunc_called 'requires a GPL-compatible license'
}

jit_off() {
	jit=/proc/sys/net/core/bpf_jit_enable
	before=$(cat $jit)
	echo 0 >$jit
	rejects verifier jump_from_function 'requires the JIT compiler, which is off'
	if since 5.13 && has CONFIG_DEBUG_INFO_BTF; then
		rejects regions kfunc_called 'require the JIT compiler, which is off'
	fi
	echo "$before" >$jit
}

# Those of arm64 are of 6.0.
trampolines() {
	if [ "$machine" = aarch64 ] && ! since 6.0; then
		refused /sonde run /progs/tcpfent.bpf.o --for 10ms
		grep -q '^hint: this kernel has no BPF trampolines for aarch64: a kprobe or tracepoint needs none' /tmp/err
	elif has CONFIG_DEBUG_INFO_BTF; then
		run /progs/tcpfent.bpf.o
	fi
}

# The kernel accepts what is filled in.
shapes() {
	/sonde load /pit/shapes.bpf.o 2>/tmp/err
	! since 6.12 || [ "$machine" = armv7l ] || /sonde load /pit/shapes_new.bpf.o 2>/tmp/err
	if [ "$machine" = armv7l ]; then
		refused /sonde load /pit/shapes_new.bpf.o
		grep -q '^hint: only 64-bit kernels have arenas' /tmp/err
	fi
}

# A filter that fails bpf(2) is named, whatever errno it chooses.
seccomp() {
	for no in 1 38; do
		refused /does filtered $no /sonde load /pit/percpu.bpf.o
		grep -q '^hint: a seccomp filter is active' /tmp/err
	done
}

# The kernel has its helpers and tracepoints, and denies them. Lockdown cannot be undone.
lockdown() {
	mount -t securityfs none /sys/kernel/security
	if grep -q '\[none\]' /sys/kernel/security/lockdown 2>/dev/null; then
		echo confidentiality >/sys/kernel/security/lockdown
		! /sonde load /pit/verifier.bpf.o --only unbounded >/tmp/out 2>/tmp/err || false
		grep -q '^hint: the kernel is locked down (lockdown=confidentiality)' /tmp/err
		refused /sonde run /progs/hello.bpf.o
		grep -q '^hint: the kernel is locked down .*use raw_tp, tp_btf or fentry' /tmp/err
		refused /sonde trace
		grep -q '^hint: the kernel is locked down' /tmp/err
	fi
	umount /sys/kernel/security
}

# In a container, the host's file systems are mounted elsewhere, and it may not mount any itself:
# CAP_BPF, CAP_PERFMON, CAP_SYS_RESOURCE, CAP_DAC_READ_SEARCH.
elsewhere() {
	object=/progs/execcount.bpf.o
	! has CONFIG_DEBUG_INFO_BTF || object=/progs/opensnoop.bpf.o
	mkdir -p "/host/the sys" /host/tracing
	mount -t sysfs none "/host/the sys"
	mount -t tracefs none /host/tracing
	/act as 1000 $((1 << 39 | 1 << 38 | 1 << 24 | 1 << 2)) /sonde run $object --for 10ms >/tmp/out 2>/tmp/err
	umount /host/tracing "/host/the sys"
}

proof "P13: tracefs is not mounted" p13
mount -t proc none /proc
echo 2 >/proc/sys/kernel/perf_event_paranoid
proof "file systems that are mounted elsewhere" elsewhere
mount -t sysfs none /sys
proof "P1: key 0 in a hash" p1
proof "P2: sys_getppid is a wrapper" p2
[ "$machine" = armv7l ] || proof "P3: arguments of a system call wrapper" p3
proof "P8: a counter whose entry nobody creates" p8
[ "$machine" = armv7l ] || proof "P9: two threads of one process" p9
proof "P10: comm at the entry of execve" p10
proof "P11: RLIMIT_MEMLOCK" p11
proof "P12: the kernel's BTF" p12
proof "P14: newlines in bpf_printk" p14
proof "P15: program arrays" p15
proof "P16: non-ASCII characters in bpf_printk" p16
proof "P17: five arguments to bpf_printk" p17
proof "P18: packet access in a socket filter" p18
proof "P19: records with the wrong layout" p19
[ "$machine" = armv7l ] || proof "P20: tracepoints that differ between kernels" p20
[ "$machine" = armv7l ] || proof "P24: a program on the default-route interface" p24
proof "P25: bpf in the LSM list" p25
proof "P26: missing capabilities" p26
proof "P27: exit status" p27
proof "P31: a full ring buffer" p31
proof "P37: names longer than 15 characters" p37
proof "P4: programs that never run" p4
proof "P5: cloned functions, misspelt names" p5
proof "mistakes: error and hint" mistakes
proof "hints for verifier messages" verifier
proof "hints for verifier messages that need types" regions
proof "hints with the JIT compiler off" jit_off
proof "trampolines" trampolines
proof "maps that the kernel accepts as planned" shapes
proof "seccomp" seccomp
proof "lockdown" lockdown
echo "1..$number"

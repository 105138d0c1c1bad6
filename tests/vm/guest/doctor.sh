# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# sonde doctor on this kernel: its status is that of sonde run, whatever the object needs, and the kernel logs
# nothing because of it.
# shellcheck source=/dev/null
. /lib.sh

mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 none /sys/fs/cgroup

# agrees ARGUMENT…: doctor has the status of run.
agrees() {
	predicted=0
	/sonde doctor "$@" >/tmp/out 2>/tmp/err || predicted=$?
	happened=0
	/sonde run --for 1ms "$@" </dev/null >/tmp/ran 2>&1 || happened=$?
	echo "$predicted" >>/tmp/predicted
	[ $predicted = $happened ] || {
		echo "doctor $predicted, run $happened: $*"
		grep fails -A 3 /tmp/out
		tail -n 3 /tmp/ran
		return 1
	}
}

# Each object as it is, on an interface, and on a cgroup, whichever it needs.
all() {
	for object in /progs/*.o; do
		agrees "$object"
		! grep -q -e 'requires an interface' /tmp/out || agrees "$object" --on lo
		! grep -q -e 'requires a cgroup' /tmp/out || agrees "$object" --on /sys/fs/cgroup
	done
	# What only attaching would show: iterators without a target, an interface of another kind.
	for program in elements in_sockmap groups task_files vfs; do
		agrees /attach.bpf.o --only $program
	done
	agrees /tc.bpf.o --only primary --on lo
	[ "$(grep -c 0 /tmp/predicted)" -ge 6 ]
	[ "$(grep -c 1 /tmp/predicted)" -ge 2 ]
}

nobody() {
	echo 'nobody:x:65534:65534:n:/:/bin/sh' >/etc/passwd
	chmod 755 /progs /sonde
	chmod 644 /progs/*
	chmod 777 /tmp
	status=0
	su nobody -c '/sonde doctor /progs/hello.bpf.o' >/tmp/out || status=$?
	[ $status = 1 ]
	[ "$(lines /tmp/out '^  fails .*')" = 1 ]
	su nobody -c '/sonde doctor --json' >/tmp/out
	grep '"name":"capabilities"' /tmp/out | grep -q '"state":"missing".*CAP_BPF'
}

quiet() {
	dmesg -c >/tmp/before-all
	/sonde doctor >/tmp/out
	for object in /progs/*.o; do
		/sonde doctor "$object" --on lo >>/tmp/out || true
	done
	[ "$(dmesg | grep -vc -e tsc -e clocksource -e random)" = 0 ]
}

here() {
	/sonde hooks kprobe 'vfs_re*' | grep -qx vfs_read
	/sonde hooks tp 'syscalls/*_execve' | grep -qx syscalls/sys_enter_execve
	/sonde hooks cgroup_skb/ingress '*' | grep -qx /
	/sonde hooks fentry 'tcp_sendms?' | grep -qx tcp_sendmsg
	/sonde hooks ksyscall 'open*' | grep -qx openat
	/sonde hooks --here --json | grep -c '"section":"kprobe.multi"' >/tmp/out || true
	expected=0
	! since 5.18 || expected=1
	grep -qx $expected /tmp/out
}

# since VERSION: this kernel has it.
since() {
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort -t . -k 1,1n -k 2,2n | head -n 1)" = "$1" ]
}

proof "doctor: the kernel logs nothing" quiet
proof "doctor agrees with run" all
proof "doctor without rights" nobody
proof "hooks: what is here" here

# ---- test runs ----

# A case each, of the course's programs and ours.
cases() {
	for object in /trial/*.o; do
		/sonde test "$object" >/tmp/out || {
			echo "$object"
			cat /tmp/out
			return 1
		}
	done
	[ "$(ls /trial/*.o | wc -l)" -ge 9 ]
}

# Programs of other types, as far as this kernel runs them.
kinds() {
	/sonde test /trial/sockport.bpf.o 'eth/ip/tcp dport=80' --expect 40
	/sonde test /progs/cgskb.bpf.o 'eth/ip/tcp' --json >/tmp/out
	grep -q '"type":"cgroup_skb"' /tmp/out
	/sonde test /progs/hello.bpf.o eth/ip >/tmp/out 2>/tmp/err && return 1
	grep -q 'no test runs of its programs' /tmp/err
	[ "$(/sonde ps --json | wc -l)" = 0 ]
}

proof "test: files of cases" cases
proof "test: other kinds of programs" kinds
echo "1..$number"

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2034,SC2154
#
# Hooks, globals and LSM programs: lessons 2.1, 4.1 and 5.3.

# A child of acts executes /bin/true.
taskpid() {
	begin /progs/taskpid.bpf.o
	act run 0 1 /bin/true
	end
	one "\"pid\":$(said child),\"parent\":$pid,\"comm\":\"acts\",\"parent_comm\":\"acts\"\}"
}
row taskpid taskpid

schedexec() {
	begin /progs/schedexec.bpf.o
	act run 12345 1 /bin/true
	end
	one "\"pid\":$(said child),\"uid\":12345,\"comm\":\"true\",\"filename\":\"/bin/true\"\}"
}
row schedexec schedexec

forks() {
	begin /progs/forks.bpf.o
	act run 0 2 /bin/true
	end
	for child in $(said child); do
		one "\"parent\":$pid,\"child\":$child,\"comm\":\"acts\"\}"
	done
}
row forks forks

# One process fails, one is killed, and acts fails because of the first.
exits() {
	begin /progs/exits.bpf.o
	failed=
	/acts run 0 1 /bin/false >/tmp/act 2>/dev/null || failed=1
	sleep 100 &
	killed=$!
	kill -TERM $killed
	wait $killed || true
	end
	[ "$failed" ]
	one "\"pid\":$(sed -n 's/^child //p' /tmp/act),\"status\":1,\"signal\":0,\"comm\":\"false\"\}"
	one "\"pid\":$killed,\"status\":0,\"signal\":15,"
	one "\"status\":1,\"signal\":0,\"comm\":\"acts\"\}"
}
row exits exits

kmallocs() {
	begin /progs/kmallocs.bpf.o
	act run 0 5 /bin/true
	end
	[ "$(value total_bytes total_bytes)" -gt 1000 ]
	[ "$(lines '"map":"requests","key":[0-9]*,"value":[1-9]')" -ge 3 ]
	none '"map":"requests","key":3[01]'
}
row kmallocs kmallocs

# The port is closed, but a SYN is sent all the same.
tcpconn() {
	begin /progs/tcpconn.bpf.o
	act connect 4711
	end
	[ "$(said errno)" = 111 ]
	one "\"pid\":$pid,\"comm\":\"acts\",\"to\":\"127.0.0.1\",\"port\":4711,\"ret\":0\}"
}
row tcpconn tcpconn

openret() {
	begin /progs/openret.bpf.o
	act openat /tmp/missing /tmp/file /tmp/missing /tmp/missing
	act open /tmp/missing
	act openat2 /tmp/missing
	act openat /tmp/file/x
	end
	one '"key":-2,"value":5\}'
	one '"key":-20,"value":1\}'
	[ "$(value value '"key":0,')" -ge 1 ]
}
row openret openret

sysclone() {
	begin /progs/sysclone.bpf.o
	act threads 1 /tmp/file
	end
	[ "$(lines "\"pid\":$pid,.*\"message\":\"Hello from clone, pid $pid\"\}")" = 2 ]
}
row sysclone sysclone

# Filters by user and by a minimum pid, below and above the actual pids.
earlyfilter() {
	begin /progs/earlyfilter.bpf.o --set least_pid=2 --set only_uid=12345
	/act open 12345 /tmp/file /tmp/file </dev/zero >/dev/null
	/act open 54321 /tmp/file </dev/zero >/dev/null
	act openat /tmp/file
	end
	[ "$(lines '"map":"opens"')" = 1 ]
	one '"value":2\}'
	begin /progs/earlyfilter.bpf.o --set least_pid=1000000 --set only_uid=0
	act openat /tmp/file
	end
	none '"map":"opens"'
}
row earlyfilter earlyfilter

# Each program runs once per open: the tail-called one is not attached by itself.
tptail() {
	begin /progs/tptail.bpf.o --map .bss
	act openat /tmp/file /tmp/file
	end
	[ "$(value looked looked)" -ge 2 ]
	[ "$(value worked worked)" = "$(value looked looked)" ]
}
row tptail tptail

itertask() {
	begin /progs/itertask.bpf.o
	/acts iter >/tmp/act
	end
	[ "$(head -n 1 /tmp/act)" = '    PID COMM' ]
	grep -qE "^ +$sonde sonde$" /tmp/act
	[ "$(grep -cE '^ +1 ' /tmp/act)" = 1 ]
	grep -qE '^ +[0-9]+ acts$' /tmp/act
}
row itertask itertask

bycaller() {
	start reads 20 1 /tmp/file
	begin /progs/bycaller.bpf.o --map calls
	go
	end
	[ "$(value value '"key":"vfs_read",')" -ge 20 ]
}
row bycaller bycaller

# All opens; failed ones; those slower than an hour, of which there are none.
slowopen() {
	begin /progs/slowopen.bpf.o
	act openat /tmp/file /tmp/missing
	end
	[ "$(lines "\"pid\":$pid,")" = 2 ]
	begin /progs/slowopen.bpf.o --set only_failures=true
	act openat /tmp/file /tmp/missing
	end
	[ "$(lines "\"pid\":$pid,")" = 1 ]
	one "\"pid\":$pid,\"comm\":\"acts\",\"ns\":[0-9]+,\"ret\":-2\}"
	begin /progs/slowopen.bpf.o --set min_ns=3600000000000 --map events --map .bss
	act openat /tmp/file /tmp/missing
	end
	none "\"pid\":$pid,"
	[ "$(value seen seen)" -ge 2 ]
}
row slowopen slowopen

lsmpath() {
	mkdir -p /tmp/there
	echo >/tmp/secret
	echo >/tmp/secret2
	echo >/tmp/there/secret
	begin /progs/lsmpath.bpf.o --set path=/tmp/secret
	refused /tmp/secret
	opens /tmp/secret2
	opens /tmp/there/secret
	end
	opens /tmp/secret
	one '"refused":1\}'
}
row lsmpath lsmpath

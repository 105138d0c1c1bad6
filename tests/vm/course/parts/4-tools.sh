# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2034,SC2154
#
# Tools: lessons 3.1 and 3.4.

execs() {
	begin /progs/execs.bpf.o
	act run 12345 1 /bin/true
	child=$(said child)
	(exec /bin/missing) || true
	end
	one "\"pid\":$child,\"parent\":$pid,\"uid\":12345,\"ret\":0,\"comm\":\"true\",\"file\":\"/bin/true\"\}"
	one '"ret":-2,"comm":"sh","file":"/bin/missing"\}'
}
row execs execs

kills() {
	begin /progs/kills.bpf.o
	act kill 10 1
	kill -0 999999 || true
	end
	one "\"pid\":$pid,\"comm\":\"acts\",\"sig\":10,\"target\":$pid,\"result\":0\}"
	one '"sig":0,"target":999999,"result":-3\}'
}
row kills kills

# One connection with two ends; the client's process is known.
tcplife() {
	begin /progs/tcplife.bpf.o
	act send 1234
	end
	port=$(said port)
	one "\"pid\":$pid,\"comm\":\"acts\",\"local\":\"127.0.0.1\",.*\"remote\":\"127.0.0.1\",\"remote_port\":$port,\"sent\":123[456],\"received\":[0-3],"
	one "\"pid\":0,\"comm\":\"\",\"local\":\"127.0.0.1\",\"local_port\":$port,.*\"received\":123[456],"
}
row tcplife tcplife

# 64 reads from null_blk.
biolat() {
	begin /progs/biolat.bpf.o --map microseconds --map issued
	dd if=/dev/nullb0 of=/dev/null bs=4096 count=64 iflag=direct 2>/tmp/act
	end
	none '"map":"issued"'
	sum=$(sed -n 's/.*"map":"microseconds".*"value":\([0-9]*\)}/\1/p' /tmp/out | awk '{ n += $1 } END { print n }')
	[ "$sum" = 64 ]
}
row biolat biolat

# Each child waits for the CPU at least once.
runqlat() {
	begin /progs/runqlat.bpf.o --map microseconds
	act run 0 20 /bin/true
	end
	sum=$(sed -n 's/.*"map":"microseconds".*"value":\([0-9]*\)}/\1/p' /tmp/out | awk '{ n += $1 } END { print n }')
	[ "$sum" -ge 20 ]
}
row runqlat runqlat

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Machines that few have: a 32-bit kernel without types and, before 6.6, without loads that extend the sign
# (i386), and one whose tracepoints show the error of a call as a positive number if it was made with sc, as
# musl does, and as elsewhere with scv (ppc64le).
# shellcheck source=/dev/null
. /lib.sh

counts() {
	/sonde run /progs/execcount.bpf.o --for 10s -- busybox true >/tmp/out 2>/tmp/err
	grep -qE '^ +0 +[1-9]' /tmp/out
}

prints() {
	/sonde run /progs/hello.bpf.o --for 10s -- busybox true >/tmp/out 2>/tmp/err
	grep -q 'execve by ' /tmp/out
}

long_results() {
	refused /sonde run /progs/opensnoop.bpf.o --for 10ms
	grep -q 'it is 4 bytes (long) in the kernel and 8 bytes (long) in the object$' /tmp/err
}

records() {
	/sonde run /progs/opensnoop.bpf.o --pid-var only_pid -- \
		sh -c 'exec busybox cat /progs/hello.bpf.o /missing >/dev/null' >/tmp/out 2>/tmp/err || true
	grep -qE ' [0-9]+ +/progs/hello.bpf.o$' /tmp/out
	grep -qE ' -2 ENOENT +/missing$' /tmp/out
}

proof "execcount" counts
proof "hello" prints
if [ "$(uname -m)" = ppc64le ]; then
	proof "opensnoop" records
else
	proof "a long that cannot be widened is refused" long_results
fi
echo "1..$number"

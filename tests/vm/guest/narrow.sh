# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# A 32-bit kernel without types and, before 6.6, without loads that extend the sign: what runs there, and how
# the rest is refused.
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

proof "execcount" counts
proof "hello" prints
proof "a long that cannot be widened is refused" long_results
echo "1..$number"

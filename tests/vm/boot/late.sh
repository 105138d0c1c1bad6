# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Runs in a machine whose first process was a packed opensnoop that was not ready in time.

# shellcheck source=tests/vm/guest/lib.sh
. /lib.sh

late() {
	dmesg | grep -q ' sonde: the recorder is not ready in time (--wait); the boot goes on meanwhile$'
}
attached() {
	[ "$(/act ids | grep -c '^link ')" -ge 2 ]
}
soon late
soon attached
read -r _ </etc/hosts
/packed init --collect >/out 2>/err
status=$?

records() {
	[ $status = 0 ] && [ ! -s /err ]
	[ "$(tr '\0' ' ' </proc/1/cmdline)" = "/bin/busybox sh /init single " ]
	head -n 1 /out | grep -qE '^TIME +PID +UID +COMM +RET +FILENAME$'
	grep -qE '^\+[0-9]+\.[0-9]{6} +[0-9]+ +0 +sh +[0-9]+ +/etc/hosts$' /out
}
proof "it records once it is ready; the init has the kernel's arguments" records
echo "1..$number"

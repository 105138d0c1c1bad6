# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Runs in the root that first.sh has switched to: what sonde has recorded since it was process 1.

# shellcheck source=tests/vm/guest/lib.sh
. /lib.sh

# The process of the recorder.
recorder() {
	for process in /proc/[0-9]*; do
		[ "$(head -c 1 "$process/cmdline" 2>/dev/null)" != @ ] || echo "${process#/proc/}"
	done
}

# What a process has of file systems: their files, the directories, its program.
files_of() {
	for link in "/proc/$1"/fd/* "/proc/$1"/cwd "/proc/$1"/root; do
		readlink "$link"
	done | grep -vE '^(anon_inode|pipe|socket):|^/memfd:' | sort -u
}

pid=$(recorder)
files=$(files_of "$pid")
mounts_of_it=$(cat "/proc/$pid/mounts")
said=$(dmesg | grep ' sonde: ')
/sonde init --collect --output /boot.rec
status=$?
left=$(recorder; /act ids)

# Columns of the records with these words, in text.
rows() {
	/sonde init --collect /boot.rec --where "$1" | sed 1d
}

becomes_init() {
	[ "$(cat /arguments)" = "one two" ]
	[ "$(tr '\0' ' ' </proc/1/cmdline)" = "/bin/busybox sh /init " ]
	echo "$said" | grep -q ' sonde: recording what 9 programs report$'
	[ "$(dmesg -r | grep -c '^<6>.* sonde: recording\|^<14>.* sonde: recording')" = 1 ]
}
proof "the init has process id 1 and its arguments; the kernel's log has a line" becomes_init

outlives() {
	[ "$pid" ]
	# Private mounts are shown as /: nothing has a path.
	[ "$files" = / ]
	[ "$mounts_of_it" = "" ]
	[ ! -e /.sonde-kmsg ]
}
proof "the recorder lives on without a file, a directory or a mount of the initramfs" outlives

collects() {
	[ $status = 0 ] && [ "$left" = "$(/act ids)" ] && [ ! "$(recorder)" ]
	rows 'event == "exec"' >/tmp/execs
	# In this order: the init of the initramfs, the switch, the init of the root.
	grep -E ' (/first.sh|/bin/busybox|/init)$' /tmp/execs | awk '{ print $NF }' | uniq >/tmp/order
	[ "$(head -n 1 /tmp/order)" = /first.sh ]
	grep -qx /init /tmp/order
	rows 'event == "open" && name == "/vm/settings" && ret > 0' | grep -q ' init  *'
	rows 'event == "open" && ret < 0' | grep -q ENOENT
	rows 'event == "exit" && pid > 1' | grep -q busybox
	/sonde init --collect /boot.rec >/tmp/all 2>/tmp/notes
	[ ! -s /tmp/notes ]
	sed 1d /tmp/all | awk '{ time = substr($1, 2) + 0; if (time < last) exit 1; last = time }'
	[ "$(/sonde init --collect /boot.rec --json | grep -c '^{"map":"events","time":[0-9]*,"pid":')" = "$(sed 1d /tmp/all | grep -c .)" ]
}
proof "--collect ends it; execs, opens and exits since before the switch are there, in order" collects

modules() {
	rows 'event == "module"' >/tmp/modules
	# Those of the test machine were loaded after sonde, if it needs any.
	[ "$(grep -c . /tmp/modules)" = "$(find /vm/modules -name '*.ko' | wc -l)" ]
}
proof "loaded modules" modules

nobody() {
	refused /sonde init --collect
	grep -q 'no recorder is running' /tmp/err
}
proof "without a recorder, --collect fails" nobody

mkdir -p /run
mount -t tmpfs -o size=64k run /run

leaves_file() {
	/sonde init /boot.bpf.o --for 300ms
	! /sonde init /boot.bpf.o 2>/tmp/second
	grep -q 'a recorder is running' /tmp/second
	sh -c : # is recorded
	soon test -s /run/sonde-boot
	/sonde init --collect >/tmp/out 2>/tmp/err
	grep -q ' exec ' /tmp/out
	grep -q '^note: the recording ends at [0-9.]* s: its time was over (--for)$' /tmp/err
	rm /run/sonde-boot
}
proof "in a script: it starts a recorder and returns; what ends by itself is in /run" leaves_file

full() {
	dd if=/dev/zero of=/run/fill bs=1k 2>/dev/null || true
	/sonde init /boot.bpf.o --for 100ms
	soon sh -c "dmesg | grep -q 'sonde: /run/sonde-boot: No space left on device; the recording is kept in memory'"
	[ ! -e /run/sonde-boot ]
	/sonde init --collect >/tmp/out 2>/tmp/err
	grep -q ' exec ' /tmp/out
	rm /run/fill
}
proof "a full /run: the recording stays in memory until it is collected, and nothing is in /run" full

small() {
	/sonde init /boot.bpf.o --size 64K
	i=0
	while [ $i -lt 400 ]; do
		read -r _ </nothing/of/this/name || i=$((i + 1))
	done 2>/dev/null
	/sonde init --collect >/tmp/out 2>/tmp/err
	grep -q ': it was full (--size)$' /tmp/err
	rm -f /run/sonde-boot
}
proof "--size limits the recording" small

echo "1..$number"

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Runs in the root that a distribution's initramfs has mounted, after sonde was its first process.

# shellcheck source=tests/vm/guest/lib.sh
. /lib.sh

/sonde init --collect --output /boot.rec
status=$?

rows() {
	/sonde init --collect /boot.rec --where "$1" | sed 1d
}

root() {
	[ $status = 0 ]
	grep -q '^/dev/vda / ext4 ' /proc/mounts
	dmesg | grep -q ' sonde: recording what 9 programs report$'
}
proof "the initramfs mounts its root, and the recording is there" root

boot() {
	# The shell of the initramfs, what loads modules, what mounts the root and changes to it, the root's init.
	rows 'event == "exec"' >/tmp/execs
	[ "$(head -n 1 /tmp/execs | awk '{ print $2, $NF }')" = "1 /init" ]
	grep -q ' /usr/lib/systemd/systemd-udevd$\|udevd$' /tmp/execs
	grep -qE '/(run-init|switch_root)$' /tmp/execs
	[ "$(awk '$2 == 1 { print $NF }' /tmp/execs | tail -n 1)" = /init ]
	rows 'event == "module"' >/tmp/modules
	# What leads to the disk, in this order.
	[ "$(awk '{ print $NF }' /tmp/modules | grep -xE 'virtio|virtio_pci|virtio_blk' | tr '\n' ' ')" = \
		"virtio virtio_pci virtio_blk " ]
	[ "$(rows 'event == "open" && name ~ "/lib/modules/"' | grep -c .)" -gt 20 ]
}
proof "its programs, modules and files, since its first process" boot

draws() {
	/sonde timeline /boot.rec >/tmp/out
	[ "$(awk 'length > 80' /tmp/out)" = "" ]
	grep -qE '^ +[0-9]+ files opened \|.*\|$' /tmp/out
	grep -qE '^ +[0-9.]+ +([0-9.]+ (s|ms|us)|-) +1  (init|run-init) +\| *[#=]+ *\|$' /tmp/out
	grep -qE '^[0-9]+ more programs took less time' /tmp/out
	/sonde timeline /boot.rec --svg /tmp/boot.svg
	grep -q '<title>/init, pid 1, from [0-9.]* s' /tmp/boot.svg
	[ "$(grep -c '<title>module ' /tmp/boot.svg)" = "$(grep -c . /tmp/modules)" ]
	[ "$(tail -n 1 /tmp/boot.svg)" = "</svg>" ]
}
proof "timeline draws it, in 80 columns and as SVG" draws

echo "1..$number"

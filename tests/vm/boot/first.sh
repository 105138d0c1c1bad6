#!/bin/busybox sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# shellcheck shell=dash
#
# An initramfs in small: what sonde executes as process 1. It copies everything to another file system, ends all
# processes that are not marked, as systemd does, and switches to the new root, which frees the first one.

b=/bin/busybox
$b mkdir -p /new
$b mount -t tmpfs new /new
for file in /*; do
	case $file in
	/new | /first.sh) ;;
	*) $b cp -a "$file" /new/ ;;
	esac
done
echo "$*" >/new/arguments
$b mount -t proc proc /proc
for process in /proc/[0-9]*; do
	# Those of the kernel have no command line.
	case $process:$($b head -c 1 "$process/cmdline") in
	/proc/1:* | *: | *:@) ;;
	*) $b kill -9 "${process#/proc/}" ;;
	esac
done
$b umount /proc
exec $b switch_root /new /init

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Runs the course's programs on this kernel: ours are in /progs, those written by the course's text
# in /course.
# shellcheck source=lib.sh source-path=SCRIPTDIR
. /lib.sh

mount -t tracefs none /sys/kernel/tracing
mount -t securityfs none /sys/kernel/security
# No addresses, so that the link carries only our own packets.
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ip link add v0 type veth
ip link set v0 up
ip link set veth0 up
# Wait until the link carries packets.
until [ "$(/acts frames veth0 v0 arp 1)" = 'arrived 1' ]; do usleep 20000; done
head -c 65536 /dev/zero >/tmp/file

for part in /parts/*.sh; do
	# shellcheck source=/dev/null
	. "$part"
done

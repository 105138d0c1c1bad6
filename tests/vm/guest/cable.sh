# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Shared by network tests: a veth pair between this network namespace (10.1.0.1, fd00:1::1) and another
# one (10.1.0.2, fd00:1::2).
# shellcheck source=/dev/null
. /lib.sh

state() {
	/act ids
	cat /proc/mounts
	tc qdisc show
	ip link show
}

unshare -n sleep 100000 &
there=$!
until [ "$(readlink /proc/$there/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do usleep 20000; done
ip link add v0 type veth peer name veth0
ip link set veth0 netns $there
beyond() {
	nsenter -t $there -n "$@"
}
echo 0 >/proc/sys/net/ipv6/conf/v0/accept_dad
beyond sh -c "echo 0 >/proc/sys/net/ipv6/conf/veth0/accept_dad"
ip addr add 10.1.0.1/24 dev v0
ip -6 addr add fd00:1::1/64 dev v0
ip link set v0 up
beyond ip link set lo up
beyond ip addr add 10.1.0.2/24 dev veth0
beyond ip -6 addr add fd00:1::2/64 dev veth0
beyond ip link set veth0 up

answers() {
	ping -q -c 1 -W "${2-1}" "$1"
}
# set -e ignores a failing `!`.
fails() {
	! "$@"
}
silent() {
	fails answers "$@"
}
(soon answers 10.1.0.2) >/dev/null 2>&1 || exit 1

release=$(uname -r | cut -d . -f 1,2)
# since MAJOR.MINOR: whether this kernel is at least that version.
since() {
	[ "$(printf '%s\n' "$1" "$release" | sort -t . -k 1,1n -k 2,2n | head -n 1)" = "$1" ]
}

# attached COMMAND ARGUMENT…: runs the command while `sonde run ARGUMENT…` is attached.
attached() {
	command=$1
	shift
	begin "$@"
	$command
	end
}

# told REGEX: one note of sonde matches.
told() {
	[ "$(lines /tmp/err "^note: .*$1")" = 1 ]
}

# There is no note, except possibly, on a slow machine, that a program has not run for some seconds.
told_nothing() {
	[ "$(grep '^note:' /tmp/err | grep -vc 'has not run in the last')" = 0 ]
}

has() {
	grep -q "^$1=y" "/boot/config-$(uname -r)"
}

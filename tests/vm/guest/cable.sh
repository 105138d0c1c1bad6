# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# For scripts that prove things about the network: two interfaces, here and in a network namespace of
# their own, are the two ends of one cable: 10.1.0.1 and fd00:1::1 here, 10.1.0.2 and fd00:1::2 there.
# shellcheck source=/dev/null
. /lib.sh

state() {
	/act bpf
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
# `!` alone is no failure to set -e.
fails() {
	! "$@"
}
silent() {
	fails answers "$@"
}
(soon answers 10.1.0.2) >/dev/null 2>&1 || exit 1

release=$(uname -r | cut -d . -f 1,2)
# since MAJOR.MINOR: is this kernel as new?
since() {
	[ "$(printf '%s\n' "$1" "$release" | sort -t . -k 1,1n -k 2,2n | head -n 1)" = "$1" ]
}

# attached COMMAND ARGUMENT…: runs `sonde run ARGUMENT…` and, while it is there, the command.
attached() {
	command=$1
	shift
	begin "$@"
	$command
	end
}

# told REGEX: sonde has told that in a note.
told() {
	[ "$(lines /tmp/err "^note: .*$1")" = 1 ]
}

# There is no note; but on a slow machine one that a program has not run for some seconds.
told_nothing() {
	[ "$(grep '^note:' /tmp/err | grep -vc 'has not run in the last')" = 0 ]
}

has() {
	grep -q "^$1=y" "/boot/config-$(uname -r)"
}

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Runs in a machine whose boot sonde could not record: it is up nevertheless. The kernel's command line tells what
# the log must have.

number=0
# check TITLE COMMAND…
check() {
	title=$1
	shift
	number=$((number + 1))
	if "$@"; then
		echo "ok $number - $title"
	else
		echo "not ok $number - $title"
		dmesg | grep ' sonde: ' | sed 's/^/# /'
	fi
}

logged() {
	dmesg | grep -q " sonde: $1"
}

nothing_left() {
	[ ! "$(/act ids | grep -v '^btf 1$')" ] && [ ! -e /.sonde-kmsg ] && ! grep -q '^@' /proc/[0-9]*/cmdline
}

check "the boot goes on" test "$(cat /proc/1/comm)" = init
check "the log says so" logged 'nothing is recorded; the boot goes on$'
case $(cat /proc/cmdline) in
*sonde.opt=--nope*) check "wrong options" logged 'wrong options' ;;
*)
	check "an object that is missing" logged '/nope.bpf.o: ENOENT: '
	check "programs that cannot be attached" logged '[a-z_]* is left out: '
	check "an object of which nothing is left" logged "/boot.bpf.o: program '[a-z_]*' .*: attach: tracefs"
	check "an init that is missing" logged '/no-init: No such file or directory$'
	;;
esac
check "nothing is left" nothing_left
echo "1..$number"

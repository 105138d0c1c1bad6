# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2154
#
# Programs that stay attached without a process: how their folder appears, what --replace loses (nothing),
# what is known about it, and what a killed sonde leaves. Sourced by guest.sh.

kept=/sys/fs/bpf/kept

# keep VERSION ARGUMENT…: loads that version of left.bpf.c into the folder. Kernels before 5.15 have no links
# for tracepoints, but for raw ones.
keep() {
	object=/o/left-$1.bpf.o
	shift
	since 5 15 && set -- --on gate=lo "$@" || set -- --on gate=lo --skip also "$@"
	/sonde load "$object" --attach --pin $kept "$@" 2>/tmp/err
}

# entries MAP: how many it has. total MAP: the sum of their counts.
entries() {
	/sonde map dump --json $kept/map/"$1" | grep -c '"n"'
}

total() {
	/sonde map dump --json $kept/map/"$1" | sed 's/.*"n": *\([0-9]*\).*/\1/' |
		awk '{ all += $1 } END { print all + 0 }'
}

whole() {
	[ -e $kept/record ] && [ -e $kept/link/gate ] && [ -e $kept/prog/gate ] &&
		[ -e $kept/map/packets ]
}

none() {
	[ "$(files)" = '' ]
}

# While packets and programs run, versions 1 and 2 replace each other.
replacing() {
	ip link set lo up
	keep 1
	whole
	/act send 4242 1000 >/tmp/sent &
	sender=$!
	/act exec 12345 100 /bin/true >/tmp/pids &
	executer=$!
	n=0
	while kill -0 $sender 2>/dev/null || kill -0 $executer 2>/dev/null; do
		n=$((n + 1))
		keep $((1 + n % 2)) --replace
		whole
		[ ! -e $kept~new ] && [ ! -e $kept~old ]
	done
	wait $sender
	wait $executer
	[ $n -ge 2 ]
	# Each packet was seen by exactly one program, each exec by at least one.
	[ "$(entries packets)" = 1000 ]
	[ "$(total packets)" = 1000 ]
	[ "$(entries versions)" = 2 ]
	[ "$(total versions)" = 1000 ]
	[ "$(entries execs)" = "$(tr ' ' '\n' </tmp/pids | sort -u | grep -c .)" ]
	[ "$(entries execs)" -ge 100 ]
	grep -q 'exchanged in existing links, without a gap: gate' /tmp/err
	grep -q 'attached anew, before the old ones ended.*: executed' /tmp/err
	grep -q 'maps that keep their contents: packets, versions, execs, traced$' /tmp/err
	grep -q 'maps that are new: .bss' /tmp/err
	if since 5 15; then
		[ "$(entries traced)" = "$(entries execs)" ]
	fi
	echo "replaced $n times; $(total execs) of $(entries execs) execs counted"
	soon one_version
	/sonde unload $kept
	none
}

# The old versions are gone: one program of each name.
one_version() {
	[ "$(/act bpf | grep -c '^prog [0-9]* gate$')" = 1 ] &&
		[ "$(/act bpf | grep -c '^prog [0-9]* executed$')" = 1 ]
}

unchanged() {
	[ "$(/act ids)" = "$ids" ]
}

# What can't be replaced leaves the old version as it is.
refused_replacement() {
	keep 1 --mode 0640 --owner 12345:7
	/act send 4242 10
	ids=$(/act ids)
	keep broken --replace && return 1
	said 'rejected by the verifier'
	soon unchanged
	keep wide --replace && return 1
	said "map 'packets'"
	grep -Eq '^  value_size +8 +16 +yes$' /tmp/err
	hinted '--empty packets'
	whole && [ ! -e $kept~new ]
	[ "$(entries packets)" = 10 ]
	/act send 4242 11
	[ "$(total packets)" = 21 ]
	# Another interface is another link; the mode and the owner are those of before.
	[ "$(stat -c '%a %u %g' $kept/map/packets $kept $kept/map)" = "640 12345 7
750 12345 7
750 12345 7" ]
	keep wide --replace --empty packets --empty execs --empty traced --empty versions
	[ "$(entries packets)" = 0 ]
	[ "$(stat -c '%a %u %g' $kept/map/packets $kept)" = "640 12345 7
750 12345 7" ]
	keep 1 && return 1
	hinted '--replace upgrades'
	mkdir $kept/others
	keep 1 --replace && return 1
	hinted 'other entries'
	rmdir $kept/others
	refused /sonde load /o/left-1.bpf.o --pin $kept --replace
	hinted 'which --attach replaces'
	/sonde unload $kept
	none
	# Nothing to replace is no failure.
	keep 1 --replace
	whole
	/sonde unload $kept
}

# sonde list: what sonde has pinned, and what others have.
listed() {
	keep 1
	mkdir /sys/fs/bpf/theirs
	/sonde map pin $kept/map/packets /sys/fs/bpf/theirs/some
	/sonde list >/tmp/out
	grep -Eq '^/sys/fs/bpf/kept: left-1, by root \(sonde\) since 20[0-9-]+ [0-9:]+$' /tmp/out
	grep -Eq '^  link/gate +link +[0-9]+ +xdp lo$' /tmp/out
	grep -Eq '^  map/packets +map +[0-9]+ +packets$' /tmp/out
	grep -Eq '^  theirs/some +map +[0-9]+ +packets +root +20[0-9-]+ [0-9:]+$' /tmp/out
	[ "$(awk 'length > 80' /tmp/out)" = '' ]
	/sonde list --json $kept >/tmp/out
	grep -q '"path": *"/sys/fs/bpf/kept".*"object": *"left-1".*"process": *"sonde"' /tmp/out
	grep -q '"path": *"/sys/fs/bpf/kept/prog/gate".*"kind": *"program"' /tmp/out
	refused /sonde list /tmp
	said 'not in a bpf file system'
	rm -r /sys/fs/bpf/theirs
	/sonde unload $kept
}

# The folder is complete or missing, whatever ends sonde, and what is left beside it goes with the next.
ended() {
	for signal in TERM KILL; do
		for delay in 10000 40000 80000 110000 200000 100000; do
			keep 1 &
			pid=$!
			usleep $delay
			kill -$signal "$(pidof sonde)" 2>/dev/null || true
			wait $pid || true
			[ ! -e $kept ] || whole
			[ $signal = KILL ] || [ ! -e $kept~new ]
			[ ! -e $kept ] || /sonde unload $kept
		done
		keep 1 --replace
		whole && [ ! -e $kept~new ]
		for delay in 10000 100000 200000; do
			keep 2 --replace &
			pid=$!
			usleep $delay
			kill -$signal "$(pidof sonde)" 2>/dev/null || true
			wait $pid || true
			whole
		done
		/sonde unload $kept
		none
	done
	# Of a folder whose maker was killed, only the new name exists.
	mkdir $kept~new $kept~new/map
	/sonde unload $kept 2>/tmp/err
	grep -q 'a killed sonde load had left' /tmp/err
	# Between two renames, before 5.16.
	keep 1
	mv $kept $kept~old
	mkdir $kept~new
	keep 2 --replace
	grep -q 'exchanged in existing links' /tmp/err
	whole && [ ! -e $kept~old ]
	/sonde unload $kept
	none
}

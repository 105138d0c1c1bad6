# shellcheck shell=bash disable=SC2034 # used by the sections
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Shared by the sections of tests/bench/run. Each section is a function that prints its table.

out=build/bench
stage=$out/stage # copies of the measured files, since a concurrent build may replace them
programs=(hello execcount opensnoop)

work=$(mktemp -d)
pid=''
# shellcheck disable=SC2317 # called by the trap
cleanup() {
	if [[ $pid ]]; then kill -KILL "$pid" 2>/dev/null || true; fi
	if mountpoint -q "$work/bpf"; then umount "$work/bpf"; fi
	rm -rf --one-file-system "$work"
}
trap cleanup EXIT

say() {
	echo "tests/bench/run: $*" >&2
}

# locked COMMAND…: holds the build lock that the tests use.
locked() {
	mkdir -p build/test
	flock build/test/lock "$@"
}

# attempt WHAT COMMAND…: reports a failure; a peer that is not available must not stop the rest.
attempt() {
	local what=$1
	shift
	"$@" >"$work/log" 2>&1 && return
	say "no $what:"
	tail -n 3 "$work/log" >&2
	return 1
}

# Builds everything that is compared and copies it to $stage. Sets peer (a loader with libbpf), and bpftool
# (the program) and ply (a folder), or leaves these empty.
prepare() {
	local program sources
	say "building sonde and its peers"
	locked make -s all
	mkdir -p "$stage"
	cp build/sonde "$stage/sonde"
	for program in "${programs[@]}"; do
		cp "build/progs/$program.bpf.o" "$stage/"
	done
	locked make -s -f tests/bench/Makefile all
	cp "$out/core.bpf.o" "$out/peer-load.glibc" "$stage/"
	rm -f "$stage/peer-load.musl"
	if attempt "sources of libbpf" tests/bench/peers sources; then
		sources=$(tests/bench/peers sources)
		attempt "libbpf with musl" make -s -f tests/bench/Makefile musl "SOURCES=$sources" &&
			cp "$out/peer-load.musl" "$stage/"
	fi
	peer=$stage/peer-load.glibc
	[[ ! -e $stage/peer-load.musl ]] || peer=$stage/peer-load.musl
	bpftool=
	if attempt "bpftool of bookworm-backports" tests/bench/peers bpftool; then
		bpftool=$(tests/bench/peers bpftool)/usr/sbin/bpftool
	fi
	ply=
	if attempt "ply of trixie" tests/bench/peers ply; then
		ply=$(tests/bench/peers ply)
	fi
	[[ ! ${BENCH_PRIVATE-} ]] || mount_kernel_files
}

mount_kernel_files() {
	mountpoint -q /sys/kernel/tracing || mount -t tracefs none /sys/kernel/tracing || true
	mkdir "$work/bpf"
	mount -t bpf none "$work/bpf" || true
}

# can_load: whether BPF programs can be loaded and the peers find tracepoints.
can_load() {
	[[ -e /sys/kernel/tracing/events/syscalls && ${BENCH_PRIVATE-} ]]
}

# ---- output

title() {
	printf '\n%s\n' "$1"
}

# not_measured WHAT WHY
not_measured() {
	printf '%-34s not measured: %s\n' "$1" "$2"
}

# ratio A B: A as a multiple of B
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { if (b) printf "%.2f", a / b; else print "-" }'
}

# check WORD… VERDICT: prints a check; any verdict but "ok" sets the exit status
check() {
	local verdict=${*: -1}
	echo "check: ${*:1:$#-1}: $verdict"
	[[ $verdict == ok ]] || touch "$work/failed"
}

version_of() {
	dpkg-query -W -f '${Version}' "$1" 2>/dev/null | sed 's/^[0-9]*://; s/[-+].*//'
}

section_machine() {
	echo "sonde $("$stage/sonde" --version | cut -d' ' -f2)$(commit)," \
		"compared with libbpf $(version_of libbpf-dev), $(bpftool_name)"
	echo "on Linux $(uname -r | sed 's/-.*//') $(uname -m), $(nproc) x" \
		"$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)"
	echo "gcc $(gcc -dumpfullversion), musl $(version_of musl-dev)," \
		"$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)"
}

commit() {
	local id
	id=$(git rev-parse --short HEAD 2>/dev/null) || return 0
	git diff --quiet HEAD -- elf loader 2>/dev/null || id+=" and changes"
	echo " ($id)"
}

bpftool_name() {
	if [[ $bpftool ]]; then
		echo "bpftool $("$bpftool" version | sed -n '1s/.* v//p')"
	else
		echo "no bpftool"
	fi
}

# put_into_page RESULT PAGE: replaces the text between the lines that mark its place.
put_into_page() {
	awk -v result="$1" '
		/^<!-- end of the result/ { inside = 0 }
		!inside
		/^<!-- result/ {
			inside = 1
			print "```"
			while ((getline line <result) > 0)
				print line
			print "```"
		}' "$2" >"$2.new"
	mv "$2.new" "$2"
}

# ---- processes

# begin OUTPUT COMMAND…: starts COMMAND, with stdout to OUTPUT and stderr to $work/err, and sets
# $pid. Returns once it has written a line to descriptor 9; fails if it ends before.
begin() {
	local output=$1
	shift
	rm -f "$work/ready"
	mkfifo "$work/ready"
	"$@" >"$output" 2>"$work/err" 9>"$work/ready" &
	pid=$!
	if ! read -r -t 60 _ <"$work/ready"; then
		end
		say "'$*' was not ready:"
		tail -n 3 "$work/err" >&2
		return 1
	fi
}

end() {
	kill -TERM "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	pid=
}

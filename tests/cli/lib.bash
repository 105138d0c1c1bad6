# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash
#
# Shared by the tests of the command line.
#
# shellcheck disable=SC2034,SC2154

bats_require_minimum_version 1.5.0

root=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../..")
sonde=${BATS_FILE_TMPDIR-}/sonde
progs=${BATS_FILE_TMPDIR-}/progs

# What tests/run builds for all.
build() {
	local object objects=()
	tests/deps test
	for object in progs/*/*.bpf.c; do
		objects+=("build/progs/eb/$(basename "$object" .c).o")
	done
	make -s all "${objects[@]}"
}

# Builds sonde and the programs and copies them, so that concurrent builds do not interfere. Called by
# setup_file().
prepare() {
	export BATS_TEST_TIMEOUT=3600
	cd "$root" || return
	mkdir -p build/test
	{
		flock 9
		[[ ${SONDE_BUILT-} ]] || build
		cp build/sonde "$sonde"
		cp -r build/progs "$progs"
	} 9>build/test/lock
	musl-gcc -std=c11 -D_GNU_SOURCE -Os -static tests/vm/guest/act.c -o "$BATS_FILE_TMPDIR/act"
}

# compile NAME.o [ARGUMENT…] <SOURCE: compiles a BPF object; headers and license are added.
compile() {
	local object=$1
	shift
	{
		echo '#include "vmlinux.h"'
		echo '#include <bpf/bpf_helpers.h>'
		echo '#include <bpf/bpf_core_read.h>'
		echo '#include <bpf/sonde_event.h>'
		echo 'char LICENSE[] SEC("license") = "GPL";'
		cat
	} >"${object%.o}.bpf.c"
	clang -O2 -g -mcpu=v2 -target bpfel "-I$root/progs/include" "-I$root/build/include" "$@" \
		-c "${object%.o}.bpf.c" -o "$object"
}

# name_new_commands: names what strace does not know yet, as a filter.
name_new_commands() {
	sed 's,bpf(0x25 /\* BPF_??? \*/,bpf(BPF_PROG_STREAM_READ_BY_FD,'
}

# every N FILE…: prints the files, one a line: every Nth of them with SONDE_SAMPLE (make check), all with
# SONDE_ALL, else some.
every() {
	local n=$(($1 / 3 + 1))
	[[ ! ${SONDE_ALL-} ]] || n=1
	[[ ! ${SONDE_SAMPLE-} ]] || n=$1
	shift
	printf '%s\n' "$@" | awk -v n="$n" 'NR % n == 0'
}

# Skips the test if this kernel or user cannot load programs.
needs_bpf() {
	local why
	why=$("$sonde" run "$BATS_FILE_TMPDIR/nothing.o" --for 1ms 2>&1 >/dev/null) ||
		skip "nothing can be loaded here: ${why%%$'\n'*}"
}

# An object that attaches and does nothing.
compile_nothing() {
	compile "$BATS_FILE_TMPDIR/nothing.o" <<-'END'
		SEC("tp/syscalls/sys_enter_getpgid") int nothing(void *ctx) { return 0; }
	END
}

# opener FILE…: starts a process ($opener) that waits. let_open makes it open these files, once each, and
# nothing else, and returns when it has.
opener() {
	rm -f go opened
	mkfifo go
	"$BATS_FILE_TMPDIR/act" open "$(id -u)" "$@" <>go >opened 3>&- &
	opener=$!
	until grep -q ready opened; do sleep 0.02; done
}

let_open() {
	echo >go
	wait "$opener"
}

# begin ARGUMENT…: starts `sonde run` in the background and returns once everything is attached. Its pid is
# $pid, its output goes to out and err. end [SIGNAL] terminates it and leaves its status in $status.
begin() {
	rm -f ready out err
	mkfifo ready
	# bash starts background commands with SIGINT ignored, and sonde leaves ignored signals ignored.
	env --default-signal=INT,QUIT "$sonde" run "$@" --ready-fd 4 >out 2>err 4>ready 3>&- &
	pid=$!
	read -r _ <ready || true
}

end() {
	kill "-${1-INT}" "$pid" || true
	status=0
	wait "$pid" || status=$?
}

# observe OBJECT ARGUMENT…: `sonde run` observes one process, $opener, which opens ./here, ./missing and
# ./here again.
observe() {
	echo x >here
	opener here missing here
	begin "$@" --set "only_pid=$opener"
	let_open
	end
}

# refused ARGUMENT…: `sonde ARGUMENT…` fails with status 1 and prints only one line of error and at most
# one hint. Both are in $stderr, separately in $reason and $hint.
refused() {
	run --separate-stderr -1 timeout 600 "$sonde" "$@"
	reason=$(grep '^sonde: ' <<<"$stderr")
	hint=$(grep '^hint: ' <<<"$stderr") || true
	echo "$stderr"
	[[ ! $output ]]
	[[ $(grep -vc '^hint: ' <<<"$stderr") = 1 ]]
	[[ $(grep -c '^hint: ' <<<"$stderr") -le 1 ]]
	[[ ${#reason} -le 300 && ${#hint} -le 300 ]]
}

# Each line of standard input is a JSON object.
is_json() {
	python3 -c '
import json, sys
n = 0
for line in sys.stdin:
    assert isinstance(json.loads(line), dict), line
    n += 1
assert n, "no line"'
}

# The longest line of standard input, in characters.
widest() {
	LC_ALL=C.UTF-8 awk '{ if (length($0) > n) n = length($0) } END { print n + 0 }'
}

# gone NAME: the kernel has no program or map of that name, possibly after a moment.
gone() {
	local _
	for _ in $(seq 1200); do
		"$BATS_FILE_TMPDIR/act" bpf | grep -qE "^(prog|map) [0-9]+ $1" || return 0
		sleep 0.1
	done
	return 1
}

# ---- types ----

# same FILE TARGET: the header generated for these types compiles without warnings with clang for BPF
# and with gcc, and every struct and union in the result has the same size and members.
same() {
	"$sonde" btf c "$1" >vmlinux.h
	"$sonde" btf list --json "$1" >types.json
	{
		echo '#include "vmlinux.h"'
		python3 "$root/tests/cli/btf_same.py" variables types.json
	} >all.c
	clang -target "$2" -g -Wall -Wextra -Werror -c all.c -o all.o
	gcc -fsyntax-only -Wall -Wextra -Werror vmlinux.h
	"$sonde" btf list --json all.o >compiled.json
	python3 "$root/tests/cli/btf_same.py" compare types.json compiled.json
}

needs_types() {
	[[ -r /sys/kernel/btf/vmlinux ]] || skip "the kernel shows no types"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What sonde does on a terminal: tables in place, keys, colours, the progress line; and the end of a
# process that is followed.
#
# shellcheck disable=SC2030,SC2031

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	# Two entries that grow each time the process of the test sends the signal 0.
	compile sends.o <<-'END'
		const volatile pid_t only_pid = -1;
		struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8);
			__type(key, __u32); __type(value, __u64); } sums SEC(".maps");
		static void add(__u32 key, __u64 n)
		{
			__u64 *old = bpf_map_lookup_elem(&sums, &key);
			n += old ? *old : 0;
			bpf_map_update_elem(&sums, &key, &n, BPF_ANY);
		}
		SEC("tp/syscalls/sys_enter_kill") int on_kill(void *ctx)
		{
			if (bpf_get_current_pid_tgid() >> 32 != only_pid)
				return 0;
			add(1, 3);
			add(2, 5000000);
			return 0;
		}
	END
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	export TERM=xterm
	unset NO_COLOR
	while :; do
		kill -0 $BASHPID
		sleep 0.05
	done 3>&- &
	sender=$!
}

teardown() {
	kill "$sender"
	wait "$sender" || true
}

# on_terminal KEYS ARGUMENT…: the command line on a terminal, see terminal.py.
on_terminal() {
	run -0 "$root/tests/cli/terminal.py" "$1" "${@:2}"
	echo "$output"
}

@test "tables replace one another, below what was there; the last one stays" {
	on_terminal '/s:q' sh -c "echo before; exec $sonde run sends.o --set only_pid=$sender --every 100ms"
	[ "${lines[0]}" = before ]
	[[ ${lines[1]} == "sends: 1 program attached; Ctrl-C to stop" ]]
	[ "${lines[2]}" = "sums: 2 entries" ]
	[[ ${lines[3]} =~ ^KEY\ +VALUE$ && ${lines[4]} =~ ^\ *2\ +[0-9]+ && ${lines[5]} =~ ^\ *1\ +[0-9]+ ]]
	[[ ${lines[6]} == "status 0" && ${#lines[@]} = 7 ]]
}

@test "s sorts by another column, space pauses, Ctrl-C ends" {
	on_terminal "q quit:s,by KEY:s" "$sonde" run sends.o --set "only_pid=$sender" --every 100ms --for 1s
	on_terminal "space pause:s,by key: ,Paused:^C" \
		"$sonde" run sends.o --set "only_pid=$sender" --every 100ms
	[[ $output == *"sums: 2 entries, by key"* ]]
	[[ ${lines[3]} =~ ^\ *1\ +[0-9]+ && ${lines[4]} =~ ^\ *2\ +[0-9]+ ]]
	[ "${lines[-1]}" = "status 0" ]
}

@test "without escape sequences, tables follow one another" {
	for TERM in dumb ''; do
		on_terminal '' "$sonde" run sends.o --set "only_pid=$sender" --every 100ms --for 1s
		(($(grep -c '^sums: 2 entries' <<<"$output") > 2))
		[[ $output != *Keys:* ]]
	done
	run -0 --separate-stderr "$sonde" run sends.o --set "only_pid=$sender" --every 100ms --for 500ms
	[[ $output != *$'\e'* && $output != *Keys:* ]]
}

@test "sonde top" {
	on_terminal 'By time:s,By runs: ,By runs:q' "$sonde" top --every 200ms
	[ "${lines[-1]}" = "status 0" ]
	[[ ${lines[-2]} == "By runs. Keys: "* ]]
}

@test "colours only for a terminal that wants them" {
	local args=(--log '' "$sonde" plan "$progs/hello.bpf.o")
	on_terminal "${args[@]}"
	[[ $output == *'^[[1m'* ]]
	NO_COLOR=1 on_terminal "${args[@]}"
	[[ $output != *'^[['*m* ]]
	TERM=dumb on_terminal "${args[@]}"
	[[ $output != *'^['* ]]
}

@test "what takes longer than a second says so, and the line is gone when it is done" {
	local slow="(sleep 1.5; cat $progs/hello.bpf.o) | $sonde plan - 2>&1"
	on_terminal --log '' sh -c "$slow >/dev/null 2>/dev/tty"
	[[ $output == *'planning stdin, 1 s'* ]]
	on_terminal '' sh -c "$slow >/dev/null 2>/dev/tty"
	[[ $output != *planning* ]]
	TERM=dumb on_terminal --log '' sh -c "$slow >/dev/null 2>/dev/tty"
	[[ $output != *planning* ]]
}

@test "--pid: the end of a process ends the run" {
	sleep 1.5 3>&- &
	local pid=$!
	run -0 "$sonde" run sends.o --set "only_pid=$sender" -p "$pid"
	[[ $output == *"sums: 2 entries"* ]]
	wait "$pid"
	run -1 "$sonde" run sends.o --pid "$pid"
	[[ $output == "sonde: --pid $pid: there is no such process"* ]]
	run -0 "$sonde" run sends.o --pid-var only_pid --pid "$sender" --for 500ms
	[[ $output == *"sums: 2 entries"* ]]
	run -2 "$sonde" run sends.o --pid 0
	run -2 "$sonde" run sends.o --pid 1 -- true
}

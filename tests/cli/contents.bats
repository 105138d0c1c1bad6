#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What members of records mean, as the code tells: docs/records.md.
#
# shellcheck disable=SC2154

load lib

# Each file calls getpgid() with a number of its own: they run at the same time on one kernel.
setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing
	compile contents.o <<-'END'
		enum how { NOT = 0, FAST = 1, SLOW = 2, BAD = 4 };
		struct event {
			__u32 pid;
			int ret;
			__u64 at, took;
			enum how how;
			__u32 took_us;
			__u64 cgid, callers[8];
		};
		struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
		SONDE_EVENT(events, struct event);
		struct {
			__uint(type, BPF_MAP_TYPE_HASH);
			__uint(max_entries, 16);
			__type(key, __u64);
			__type(value, __u64);
		} starts SEC(".maps");
		struct {
			__uint(type, BPF_MAP_TYPE_ARRAY);
			__uint(max_entries, 1);
			__type(key, __u32);
			__type(value, struct event);
		} last SEC(".maps");
		SEC("tp/syscalls/sys_enter_getpgid") int enter(struct trace_event_raw_sys_enter *ctx)
		{
			__u64 thread = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
			if (ctx->args[0] == 424244)
				bpf_map_update_elem(&starts, &thread, &now, 0);
			return 0;
		}
		SEC("tp/syscalls/sys_exit_getpgid") int leave(struct trace_event_raw_sys_exit *ctx)
		{
			__u64 thread = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
			__u64 *start = bpf_map_lookup_elem(&starts, &thread);
			struct event e = {};
			__u32 zero = 0;
			if (!start)
				return 0;
			e.pid = thread >> 32;
			e.ret = ctx->ret;
			e.at = now;
			e.took = now - *start;
			e.took_us = (now - *start) / 1000;
			e.how = BAD | (e.took > 1000 * 1000 * 1000 ? SLOW : FAST);
			e.cgid = bpf_get_current_cgroup_id();
			bpf_get_stack(ctx, e.callers, sizeof(e.callers), 0);
			bpf_map_update_elem(&last, &zero, &e, 0);
			bpf_ringbuf_output(&events, &e, sizeof(e), 0);
			bpf_map_delete_elem(&starts, &thread);
			return 0;
		}
	END
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# call: a process makes the call that the programs watch for.
call() {
	python3 -c 'import os
try: os.getpgid(424244)
except OSError: pass'
}

@test "records: times, durations, errors, flags, stacks as text" {
	needs_bpf
	"$sonde" plan -o contents.plan contents.o
	for what in contents.o contents.plan; do
		begin "$what"
		call
		end
		cat out err
		head -n 1 out | grep -qE '^PID +RET +AT +TOOK +HOW +TOOK_US +CGID +CALLERS$'
		took='[0-9.]+ [num]s'
		grep -qE "^[0-9]+ +-3 ESRCH +\+[0-9]+\.[0-9]{6} +$took +(FAST|SLOW)\|BAD +$took +[^ ]+ +.* < " out
	done
}

@test "records: numbers remain numbers in JSON" {
	needs_bpf
	begin contents.o --json
	call
	end
	python3 "$root/tests/cli/json_lines.py" "$root/docs/json.schema" run <out
	python3 - <<-'END'
		import json
		record, = [json.loads(line) for line in open("out")]
		assert record["ret"] == -3, record
		assert all(isinstance(record[k], int) for k in ("at", "took", "took_us", "cgid")), record
		assert record["at"] > record["took"] >= 1000 * record["took_us"], record
		assert record["how"] in ("FAST|BAD", "SLOW|BAD"), record
		assert record["callers"] and all(isinstance(f, str) for f in record["callers"]), record
	END
}

@test "maps of the same type show numbers" {
	needs_bpf
	begin contents.o --map last
	call
	end
	cat out
	grep -qE 'ret = -3, at = [0-9]+, took = [0-9]+, how = (FAST|SLOW)\|BAD, took_us = [0-9]+, cgid = [0-9]+, callers = \[[0-9]+' out
}

@test "--folded: the stacks of records are counted, and nothing else is written" {
	needs_bpf
	begin contents.o --folded
	call
	call
	end
	cat out err
	[[ $(awk '{ n += $NF } END { print n }' out) = 2 ]]
	[[ $(grep -cvE '^([^ ;]+;)?[^ ]+(;[^ ]+)* [0-9]+$' out) = 0 ]]
	# The callers come first: the program runs at the end of the call.
	head -n 1 out | grep -qE '(^|;)[^;]*syscall[^;]*(;[^;]*)* '
	run --separate-stderr -1 "$sonde" run nothing.o --folded --for 1s
	[[ ! $output ]]
	[[ $stderr == *"sonde: --folded: there are no stacks in records or in keys of maps"* ]]
	run --separate-stderr -1 "$sonde" run contents.o --folded --map last --for 1s
	[[ $stderr == *"sonde: --folded: map 'last' has no stacks"* ]]
}

@test "inspect: what members mean, and what tells it" {
	run -0 "$sonde" inspect contents.o
	for line in '4 +ret +result of a call +name' '8 +at +time +code' '16 +took +duration in ns +code' \
		'24 +how +flags +type' '28 +took_us +duration in us +code' '32 +cgid +cgroup +code' \
		'40 +callers +kernel stack +code'; do
		grep -qE "^ *events +$line\$" <<<"$output"
	done
	"$sonde" inspect --json contents.o |
		python3 "$root/tests/cli/json_lines.py" "$root/docs/json.schema" inspect
}

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Record types that are inferred from the code, because the object has no debug information.
#
# shellcheck disable=SC2154

load lib

# Each file calls getpgid() with a number of its own: they run at the same time on one kernel.
setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing
	# `twin` is stored together with `same`, as one constant.
	compile whole.o <<-'END'
		struct event { __u32 pid, uid; __u64 ns; char comm[16]; __u8 same, twin; __u32 parent; };
		struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
		SEC("tp/syscalls/sys_enter_getpgid") int infer_enter(struct trace_event_raw_sys_enter *ctx)
		{
			struct task_struct *task = (void *)bpf_get_current_task();
			struct event *e;

			if (ctx->args[0] != 424242)
				return 0;
			e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
			if (!e)
				return 0;
			e->pid = bpf_get_current_pid_tgid() >> 32;
			e->uid = bpf_get_current_uid_gid();
			e->ns = bpf_ktime_get_ns();
			bpf_get_current_comm(&e->comm, sizeof(e->comm));
			e->same = 1;
			e->twin = 2;
			e->parent = BPF_CORE_READ(task, real_parent, tgid);
			bpf_ringbuf_submit(e, 0);
			return 0;
		}
	END
	llvm-strip -g -o stripped.o whole.o
	bpftool gen object linked.o whole.o
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

@test "inspect: where record types come from" {
	run -0 "$sonde" inspect whole.o
	grep -qE '^ *events +struct event +40 +DWARF$' <<<"$output"
	[[ $output != *inferred* ]]
	for object in stripped.o linked.o; do
		run -0 "$sonde" inspect "$object"
		grep -qE '^ *events +events~ +40 +code, 5 of 6 fields certain$' <<<"$output"
		grep -qE '^ *events +0 +4 +pid_t +pid$' <<<"$output"
		grep -qE '^ *events +4 +4 +uid_t +uid$' <<<"$output"
		grep -qE '^ *events +16 +16 +char\[16\] +comm$' <<<"$output"
		grep -qE '^ *events +32 +2 +unsigned short +same\? +not certain$' <<<"$output"
		grep -qE '^ *events +36 +4 +pid_t +parent$' <<<"$output"
		"$sonde" inspect --json "$object" |
			python3 "$root/tests/cli/json_lines.py" "$root/docs/json.schema" inspect
	done
}

@test "run: headings and JSON tell what is inferred" {
	needs_bpf
	begin linked.o
	python3 -c 'import os
try: os.getpgid(424242)
except OSError: pass'
	end
	cat out err
	grep -q "^note: map 'events': record type inferred from the code (5 of 6 fields certain)$" err
	grep -qE '^PID~ +UID~ +NS~ +COMM~ +SAME\? +PARENT~$' out
	grep -qE "^[0-9]+ +$(id -u) +\\+[0-9]+\\.[0-9]{6} +python3 +513 +$$\$" out
	begin linked.o --json
	python3 -c 'import os
try: os.getpgid(424242)
except OSError: pass'
	end
	python3 "$root/tests/cli/json_lines.py" "$root/docs/json.schema" run <out
	python3 - <<-'END'
		import json
		head, record = [json.loads(line) for line in open("out")]
		assert head["record"] == "events" and head["inferred"] is True and head["bytes"] == 40
		names = [m["name"] for m in head["members"]]
		assert names == ["pid", "uid", "ns", "comm", "same?", "pad34", "parent"], names
		assert list(record) == ["map"] + names and record["comm"] == "python3", record
	END
	# A saved plan knows, too.
	"$sonde" plan -o saved.plan linked.o
	run -0 "$sonde" run saved.plan --for 1ms
	[[ $output == *"PID~"* ]]
}

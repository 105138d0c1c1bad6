#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# docs/json.md: the output of every verb with --json, also for names that the kernel does not check.
#
# shellcheck disable=SC2154

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing
	# Only processes whose names begin with an escape character are observed.
	compile json.o <<-'END'
		struct json_record { __u32 map; char comm[16]; __u32 lost; };
		struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } ring SEC(".maps");
		SONDE_EVENT(ring, struct json_record);
		struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8);
			__type(key, char[16]); __type(value, struct json_record); } seen SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1);
			__type(key, __u32); __type(value, __u64); } each SEC(".maps");
		int json_count = 1;
		SEC("tp/syscalls/sys_enter_getpgid") int json_enter(void *ctx)
		{
			struct json_record r = {.map = 7};
			bpf_get_current_comm(r.comm, sizeof(r.comm));
			if (r.comm[0] != 033)
				return 0;
			bpf_map_update_elem(&seen, r.comm, &r, 0);
			bpf_ringbuf_output(&ring, &r, sizeof(r), 0);
			return bpf_printk("by %s", r.comm);
		}
		SEC("tp/syscalls/sys_exit_getpgid") int json_exit(void *ctx)
		{
			return json_count++;
		}
		SEC("iter/bpf_map") int json_iter(struct bpf_iter__bpf_map *ctx)
		{
			static const char format[] = "%s\n", text[] = "\033[2J\"";
			__u64 words[] = {(__u64)text};
			if (ctx->meta->seq_num == 0 && ctx->map)
				bpf_seq_printf(ctx->meta->seq, format, sizeof(format), words, 8);
			return 0;
		}
		SEC("iter/bpf_map") int json_records(struct bpf_iter__bpf_map *ctx)
		{
			struct json_record r = {.map = 9};
			if (ctx->meta->seq_num < 2 && ctx->map) {
				bpf_probe_read_kernel_str(r.comm, sizeof(r.comm), "\033\"x");
				bpf_seq_write(ctx->meta->seq, &r, sizeof(r));
			}
			return 0;
		}
	END
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	[[ ! ${pins-} ]] || rm -rf "$pins"
}

# schema VERB <LINES
schema() {
	python3 "$root/tests/cli/json_lines.py" "$root/docs/json.schema" "$1"
}

@test "plan, inspect, btf and hooks print what the schema says" {
	cp "$BATS_FILE_TMPDIR/json.o" .
	for object in json.o "$progs/opensnoop.bpf.o" "$progs/tcpwatch.bpf.o"; do
		[[ -e $object ]] || continue
		"$sonde" plan --json "$object" | schema plan
		"$sonde" inspect --json -c -S "$object" >inspected
		schema inspect <inspected
		"$sonde" btf list --json "$object" | schema btf
	done
	"$sonde" btf show --json json_record json.o | schema btf
	"$sonde" btf archive 6.1=json.o -o kernels
	"$sonde" btf list --json kernels | schema btf
	"$sonde" hooks --json | schema hooks
	"$sonde" hooks --json iter '*' | schema hooks
	"$sonde" doctor --json | schema doctor
	"$sonde" test --json "$progs/synguard.bpf.o" --repeat 2 'eth/ip/tcp syn' | schema test
	"$sonde" test --json "$progs/noping.bpf.o" --cases "$root/progs/11-noping/noping.test" | schema test
}

@test "the schema check can fail" {
	for line in '{"map":"m","map":1}' '{"lost":0,"of":"m"}' '{"snapshot":1,"of":"m"}' '[]' \
		$'{"map":"\xe9"}' $'{"map":"\xc2\x85"}' '{"iterator":1,"text":""}' '' \
		'{"lost":true,"of":"m"}' '{"map":"m","value":1}{'; do
		run ! schema run <<<"$line"
	done
	printf '{"map":"m","value":1}\n' | schema run
}

@test "run: unchecked names, equal keys, snapshots and every kind of line" {
	needs_bpf
	begin "$BATS_FILE_TMPDIR/json.o" --json --map seen --map each --map .data --every 1h
	python3 - <<-'END'
		import ctypes, os
		for name in b"\x1b\xe9", b"\x1b\xc3\xa9", b"\x1b\xef\xbf\xbde9", b"\x1b\"\xc2\x9b\xff":
		    ctypes.CDLL(None).prctl(15, name, 0, 0, 0)
		    os.getpgid(0)
	END
	for verb in prog "prog dump xlated json_iter" "prog dump jited json_iter" link ps; do
		# shellcheck disable=SC2086
		"$sonde" $verb --json | schema "${verb%% *}"
	done
	end
	cat -v out err
	schema run <out
	python3 - <<-'END'
		import json, re
		lines = [json.loads(line) for line in open("out")]
		def raw(s):
		    parts = re.split("\ufffd(..)", s)
		    return b"".join(bytes.fromhex(p) if i % 2 else p.encode() for i, p in enumerate(parts))
		names = [b"\x1b\xe9", b"\x1b\xc3\xa9", b"\x1b\xef\xbf\xbde9", b"\x1b\"\xc2\x9b\xff"]
		records = [l for l in lines if l.get("map") == "ring"]
		assert [raw(r["comm"]) for r in records] == names, records
		assert all(list(r) == ["map", "map#2", "comm", "lost"] and r["map#2"] == 7 for r in records)
		seen = [l for l in lines if l.get("map") == "seen"]
		assert sorted(raw(s["key"]) for s in seen) == sorted(names), seen
		assert {next(iter(l)) for l in lines} == {"snapshot", "map", "program", "iterator"}, lines
		texts = [l["text"] for l in lines if l.get("iterator") == "json_iter"]
		records = [l for l in lines if l.get("iterator") == "json_records"]
		assert records and len(records) % 2 == 0 and all(r["map"] == 9 and r["comm"] == "\x1b\"x" for r in records), records
		assert texts and set(texts) == {"\x1b[2J\""}, texts
		# Entries follow the snapshot that they belong to.
		owner = None
		for l in lines:
		    owner = l["of"] if "snapshot" in l else owner
		    assert "value" not in l or l["map"] == owner, (owner, l)
	END
	# Text: no control character reaches the terminal.
	run --separate-stderr -0 "$sonde" run "$BATS_FILE_TMPDIR/json.o" --only json_iter --for 300ms
	[[ $output == '?[2J"' ]]
	run --separate-stderr -0 "$sonde" run "$BATS_FILE_TMPDIR/json.o" --only json_records --for 300ms
	[[ ${lines[0]} =~ ^MAP\ +COMM ]]
	[[ ${lines[1]} =~ ^\ *9\ +'\x1b"x ' && ${#lines[@]} == 3 ]]
	# --where and --fields, of records.
	records() { run --separate-stderr -0 "$sonde" run "$BATS_FILE_TMPDIR/json.o" --only json_records --for 300ms "$@"; }
	records --where 'map == 9 && !(comm ~ y)' --fields comm,map
	[[ ${lines[0]} =~ ^COMM\ +MAP && ${lines[1]} =~ ^'\x1b"x '\ *9 && ${#lines[@]} == 3 ]]
	records --where 'map > 9'
	[[ ${#lines[@]} -le 1 ]]
	records --where 'map == 9' --fields comm --json
	grep -v '"snapshot"' <<<"$output" | grep -qxF '{"iterator":"json_records","comm":"\u001b\"x"}'
	run --separate-stderr -1 "$sonde" run "$BATS_FILE_TMPDIR/json.o" --only json_records --fields comn
	[[ $stderr == *"--fields: there is no member 'comn'"*"hint: there are "*"comm"* ]]
	run --separate-stderr -1 "$sonde" run "$BATS_FILE_TMPDIR/json.o" --only json_records --where 'comn == 3'
	[[ $stderr == *"--where: there is no member 'comn'"*"hint: there are "*"comm"* ]]
	run --separate-stderr -2 "$sonde" run "$BATS_FILE_TMPDIR/json.o" --where 'map =='
	[[ $stderr == *"--where: a value is missing at the end of 'map =='"* ]]
	run --separate-stderr -2 "$sonde" run "$BATS_FILE_TMPDIR/json.o" --fields map,
	[[ $stderr == *"--fields expects names such as pid,comm"* ]]
	gone json_
}

@test "map: list, dump and get" {
	needs_bpf
	pins=/sys/fs/bpf/json_bats_$$
	"$sonde" load "$BATS_FILE_TMPDIR/json.o" --only json_enter --pin "$pins"
	"$sonde" map list --json >maps
	"$sonde" list --json "$pins" >pinned
	schema list <pinned
	[[ $(wc -l <pinned) = 9 ]]
	"$sonde" map dump --json "$pins/map/each" >entries
	"$sonde" map get --json "$pins/map/each" 0 >>entries
	schema map <maps
	schema map <entries
	[[ $(wc -l <entries) = 2 ]]
}

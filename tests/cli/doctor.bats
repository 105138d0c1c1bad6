#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde doctor, and what hooks can attach to. tests/vm/doctor.bats compares doctor with run on other kernels.
#
# shellcheck disable=SC2154

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "without an object: kernel, user and all kinds, in 80 columns; what is missing comes last" {
	run --separate-stderr -0 "$sonde" doctor
	[[ ! $stderr && $(widest <<<"$output") -le 80 ]]
	for area in kernel 'file system' user 'program types' 'map types' helpers hooks; do
		grep -qx "$area" <<<"$output"
	done
	grep -q "^  ok  *release  *$(uname -r)" <<<"$output"
	# No kernel has everything.
	[[ $(grep -n -m 1 '^  missing' <<<"$output" | cut -d : -f 1) -gt \
		$(grep -n '^  ok' <<<"$output" | tail -n 1 | cut -d : -f 1) ]]
	"$sonde" doctor --json | jq -es 'map(select(.state == "missing")) | all(has("cure") or .since == null)'
}

@test "its configuration options are those of the kernel" {
	config=$(zcat /proc/config.gz 2>/dev/null || cat "/boot/config-$(uname -r)") || skip "not readable"
	"$sonde" doctor --json | jq -r 'select(.option) | .option' | sed 's/.*/^&=/' >options
	run -1 grep -f options <<<"$config"
}

@test "an object: its needs, and the status of sonde run" {
	status=0
	"$sonde" run "$BATS_FILE_TMPDIR/nothing.o" --for 1ms >/dev/null 2>&1 || status=$?
	run --separate-stderr "-$status" "$sonde" doctor "$BATS_FILE_TMPDIR/nothing.o"
	grep -q '^  ok  *tracepoint  *since 4.7' <<<"$output"
	grep -q '^  ok  *tp/syscalls/sys_enter_getpgid ' <<<"$output"
	[[ $(widest <<<"$output") -le 80 ]]
}

@test "what cannot be is said as by sonde run, with a cure, and status 1" {
	compile wrong.o <<-'END'
		SEC("tp/syscalls/sys_enter_gutpgid") int nothing(void *ctx) { return 0; }
	END
	needs_bpf
	run --separate-stderr -1 "$sonde" doctor --json wrong.o
	reason=$("$sonde" run wrong.o --for 1ms 2>&1 >/dev/null) || true
	text=$(jq -r 'select(.state == "fails") | .text' <<<"$output")
	[[ $reason == *"$text"* && $text == *ENOENT* ]]
	jq -es 'map(select(.state == "fails")) | length == 1 and (.[0].cure | contains("getpgid"))' <<<"$output"
	for file in /etc/passwd nowhere .; do
		run --separate-stderr -1 "$sonde" doctor "$file"
		[[ $output == *"fails"* ]]
	done
	# one of several
	run -1 "$sonde" doctor "$BATS_FILE_TMPDIR/nothing.o" wrong.o
	[[ $(grep -c '^[^ ].*\.o:$' <<<"$output") = 2 ]]
}

@test "nothing is attached, and nothing stays" {
	needs_bpf
	compile kept.o <<-'END'
		struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32);
			__type(value, __u32); __uint(pinning, LIBBPF_PIN_BY_NAME); } doctor_map SEC(".maps");
		SEC("tp/syscalls/sys_enter_getpgid") int doctor_prog(void *ctx)
		{
			__u32 key = 0;
			return bpf_map_lookup_elem(&doctor_map, &key) != 0;
		}
	END
	"$sonde" doctor kept.o
	[[ ! -e /sys/fs/bpf/doctor_map ]]
	gone doctor_map
	gone doctor_prog
}

@test "hooks --here: a part of all hooks, by family and with details" {
	run --separate-stderr -0 "$sonde" hooks --here
	[[ ! $stderr && $(widest <<<"$output") -le 80 ]]
	[[ -z $(comm -13 <("$sonde" hooks | sort) <(sort <<<"$output")) ]]
	"$sonde" hooks --here -v xdp | grep -q BPF_PROG_TYPE_XDP
	[[ $("$sonde" hooks --here --json | wc -l) -le $("$sonde" hooks --json | wc -l) ]]
	run --separate-stderr -1 "$sonde" hooks --here nope
	[[ ! $output && $stderr == *"no hook 'nope'"*"hint: "* ]]
}

@test "hooks HOOK PATTERN: sorted, without duplicates, as the kernel lists them" {
	needs_types
	for hook in tp_btf lsm iter; do
		"$sonde" hooks "$hook" '*' >here
		LC_ALL=C sort -uc here
		[[ -s here ]]
	done
	"$sonde" btf list --json --name 'btf_trace_sched_*' |
		jq -r 'select(.kind == "typedef") | .name | ltrimstr("btf_trace_")' | LC_ALL=C sort -u >wanted
	"$sonde" hooks tp_btf 'sched_*' | grep -v : | diff wanted -
	"$sonde" hooks raw_tp 'sched_*' | grep -v : | diff wanted -
	grep -qx task here
	run -1 grep -e '_new$' -e '_destroy$' here
	"$sonde" hooks struct_ops 'tcp_congestion_ops/*' | grep -qx tcp_congestion_ops/ssthresh
	"$sonde" hooks --json xdp lo | jq -e '. == {"what": "hook_point", "hook": "xdp", "target": "lo"}'
	"$sonde" hooks fentry 'vfs_rea*' | grep -qx vfs_read
	"$sonde" hooks kprobe 'vfs_rea?' | grep -qx vfs_read
}

@test "hooks of a file: functions and probes" {
	"$sonde" hooks uprobe "$BATS_FILE_TMPDIR/act" 'mai*' | grep -qx main
	"$sonde" hooks uprobe "$BATS_FILE_TMPDIR/act" | grep -qx main
	run --separate-stderr -1 "$sonde" hooks uprobe "$BATS_FILE_TMPDIR/act" 'no such *'
	[[ ! $output && $stderr == *"matches 'no such *'" ]]
	run --separate-stderr -1 "$sonde" hooks uprobe /nowhere/at/all
	[[ ! $output && ${#stderr_lines[@]} -le 2 ]]
	run --separate-stderr -1 "$sonde" hooks usdt "$BATS_FILE_TMPDIR/act"
	[[ ! $output ]]
}

@test "hooks: wrong usage" {
	run --separate-stderr -2 "$sonde" hooks kprobe a b
	[[ $stderr == *"unexpected argument 'b'"* ]]
	run --separate-stderr -2 "$sonde" hooks --here kprobe 'a*'
	[[ $stderr == *"--here has no effect"* ]]
	run --separate-stderr -1 "$sonde" hooks nope 'a*'
	[[ ! $output && $stderr == *"unknown hook 'nope'"* ]]
	run --separate-stderr -1 "$sonde" hooks perf_event '*'
	[[ ! $output && $stderr == *"has no list"* ]]
	run --separate-stderr -1 "$sonde" hooks kprobe 'no such function*'
	[[ ! $output && $stderr == *"matches 'no such function*'" ]]
}

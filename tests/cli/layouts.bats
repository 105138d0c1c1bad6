#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Plans for kernels without BTF: records of tracepoints from the format files of tracefs, packet headers and
# contexts as compiled.
#
# shellcheck disable=SC2154

load lib

setup_file() {
	prepare
}

# format GROUP/EVENT <FIELDS: a format file in events/; each line is "OFFSET SIZE SIGNED DECLARATION".
format() {
	local offset size signed declaration
	mkdir -p "k/events/$1"
	{
		printf 'name: %s\nID: 7\nformat:\n' "${1#*/}"
		while read -r offset size signed declaration; do
			printf '\tfield:%s;\toffset:%s;\tsize:%s;\tsigned:%s;\n' \
				"$declaration" "$offset" "$size" "$signed"
		done < <(
			printf '%s\n' "0 2 0 unsigned short common_type" "2 1 0 unsigned char common_flags" \
				"3 1 0 unsigned char common_preempt_count" "4 4 1 int common_pid"
			cat
		)
		printf '\nprint fmt: "%%d", REC->x\n'
	} >"k/events/$1/format"
}

# A kernel without BTF in k/.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir k
	echo 6.12.1-x >k/release
	echo x86_64 >k/machine
	format raw_syscalls/sys_enter <<-'END'
		8 8 1 long id
		16 48 0 unsigned long args[6]
	END
	format raw_syscalls/sys_exit <<-'END'
		8 8 1 long id
		16 8 1 long ret
	END
	format sched/sched_process_exec <<-'END'
		8 4 0 __data_loc char[] filename
		12 4 1 pid_t pid
		16 4 1 pid_t old_pid
	END
}

of_32_bits() {
	echo armv7l >k/machine
	format raw_syscalls/sys_enter <<-'END'
		8 4 1 long id
		12 24 0 unsigned long args[6]
	END
	format raw_syscalls/sys_exit <<-'END'
		8 4 1 long id
		12 4 1 long ret
	END
}

# loads PROGRAM OBJECT: its loads from r1 or r6, its context: "u64 16".
loads() {
	"$sonde" inspect --code --only "$1" -t k "$progs/$2.bpf.o" | sed -n '/as linked/,$p' |
		grep -oE '\*\([us][0-9]+ \*\)\(r[16] \+ ?[0-9]+\)' | sed -E 's/\*\(//; s/ .*\+ ?/ /; s/\)//'
}

@test "records of tracepoints are those of the format files" {
	[[ $(loads openat_exit opensnoop | head -n 1) == "u64 16" ]]
	of_32_bits
	[[ $(loads openat_exit opensnoop | head -n 1) == "s32 12" ]]
	[[ $(loads tap_openat opentap | sort | uniq | xargs) == *"u32 16"* ]]
	format raw_syscalls/sys_exit <<-'END'
		8 4 1 long id
		40 4 1 long ret
	END
	[[ $(loads openat_exit opensnoop | head -n 1) == "s32 40" ]]
}

@test "opensnoop, opentap and slowopen can be planned; the plan is for that kernel" {
	for _ in 64 32; do
		for name in opensnoop opentap slowopen schedexec; do
			run --separate-stderr -0 "$sonde" plan -t k -o "$name.plan" "$progs/$name.bpf.o"
			[[ ! $stderr ]]
			grep -aq '6.12.1-x' "$name.plan"
		done
		of_32_bits
	done
}

@test "-v and inspect tell where each layout is from" {
	run --separate-stderr -0 "$sonde" plan -v -t k "$progs/opensnoop.bpf.o"
	[[ $stderr == "types: struct trace_event_raw_sys_enter: k/events/raw_syscalls/sys_enter/format
types: struct trace_event_raw_sys_exit: k/events/raw_syscalls/sys_exit/format" ]]
	"$sonde" inspect --json -t k "$progs/opensnoop.bpf.o" | grep -qxF \
		'{"what":"layout","struct":"trace_event_raw_sys_exit","from":"k/events/raw_syscalls/sys_exit/format"}'
	run --separate-stderr -0 "$sonde" plan -v -t k "$progs/synguard.bpf.o"
	[[ $stderr == *"types: struct iphdr: as compiled"* ]]
}

@test "one note names the structs that keep their offsets" {
	run --separate-stderr -0 "$sonde" plan -t k "$progs/synguard.bpf.o"
	[[ ${#stderr_lines[@]} == 1 && $stderr == "note: this kernel has no BTF: fields of struct xdp_md, "*\
"struct tcphdr"*" have the offsets that they were compiled with" ]]
	run --separate-stderr -0 "$sonde" plan -t k "$progs/hello.bpf.o"
	[[ ! $stderr ]]
}

@test "what nobody knows is refused, with the way to tell it" {
	run --separate-stderr -1 "$sonde" plan -t k "$progs/execs.bpf.o"
	[[ $stderr == *"CO-RE: field_offset of struct task_struct.real_parent: this kernel has no BTF
hint: "*"--btf FILE"* ]]
	"$sonde" plan -t k --skip execs_enter "$progs/execs.bpf.o" >/dev/null
	run --separate-stderr -0 "$sonde" plan --btf "$root/tests/golden/target-x86_64/btf" -t k \
		"$progs/execs.bpf.o"
	[[ ! $stderr ]]
}

@test "a kernel without format files" {
	rm -r k/events
	run --separate-stderr -1 "$sonde" plan -t k "$progs/opensnoop.bpf.o"
	[[ $stderr == *": this kernel has no BTF, and k/events: ENOENT: No such file or directory
hint: "*"--btf FILE"* ]]
	"$sonde" plan -t k "$progs/synguard.bpf.o" >/dev/null
	mkdir k/events
	"$sonde" plan -t k "$progs/opensnoop.bpf.o" >/dev/null # its loads are poisoned: there is no such record
	"$sonde" inspect --json -t k "$progs/opensnoop.bpf.o" |
		grep -q 'the kernel has no struct trace_event_raw_sys_exit'
}

@test "damaged format files are named, with the line" {
	local file=k/events/raw_syscalls/sys_exit/format
	local bad
	for bad in "field:long ret;\toffset:99999999999;\tsize:8;\tsigned:1;" "field:long ret" \
		"field:\033[2J;\toffset:1;\tsize:8;\tsigned:1;"; do
		printf 'format:\n\t%b\n' "$bad" >"$file"
		run --separate-stderr -1 "$sonde" plan -t k -o out "$progs/opensnoop.bpf.o"
		[[ $stderr == *"$file: line 2 is not a field of a tracepoint: "* ]]
		[[ $stderr != *$'\033'* && ! -e out ]]
	done
	: >"$file"
	run --separate-stderr -1 "$sonde" plan -t k "$progs/opensnoop.bpf.o"
	head -c 70000 /dev/zero | tr '\0' x >"$file"
	run --separate-stderr -1 "$sonde" plan -t k "$progs/opensnoop.bpf.o"
	[[ $stderr == *"$file: the format of a tracepoint has 70000 bytes, more than 65536" ]]
}

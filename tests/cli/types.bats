#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Record types that the user specifies: --event with --types, and --debug.
#
# shellcheck disable=SC2154

load lib

# Each file calls getpgid() with a number of its own: they run at the same time on one kernel.
setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing
	compile whole.o <<-'END'
		struct event { __u32 pid; int level; char comm[16]; };
		struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } copies SEC(".maps");
		SEC("tp/syscalls/sys_enter_getpgid") int types_enter(struct trace_event_raw_sys_enter *ctx)
		{
			struct event *e, copy = {.level = -3};

			if (ctx->args[0] != 424246)
				return 0;
			copy.pid = bpf_get_current_pid_tgid() >> 32;
			bpf_get_current_comm(&copy.comm, sizeof(copy.comm));
			e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
			if (e) {
				e->pid = copy.pid;
				e->level = copy.level;
				bpf_get_current_comm(&e->comm, sizeof(e->comm));
				bpf_ringbuf_submit(e, 0);
			}
			bpf_ringbuf_output(&copies, &copy, sizeof(copy), 0);
			return 0;
		}
	END
	llvm-strip -g -o stripped.o whole.o
	bpftool gen object linked.o whole.o
	cat >event.h <<-'END'
		#pragma once
		enum level { LOW = -3, HIGH = 3 };
		struct shown { u32 process; enum level how; char who[TASK_COMM_LEN]; };
		typedef struct { __u64 words[3]; } words_t;
	END
	# Everything that it needs, as vmlinux.h does.
	cat >kernel.h <<-'END'
		typedef unsigned int u32;
		typedef _Bool bool;
		typedef unsigned long long uint64_t;
	END
	printf '#include "kernel.h"\n%s\n' 'struct shown { u32 process; bool x; uint64_t y[2]; };' >includes.h
	clang -g -c -x c -o host.o - <<<'struct shown { unsigned process; int how; char who[16]; } x; int main(void) { return x.how; }'
	clang -o host host.o
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# from OBJECT OPTION…: the lines about records of inspect, without the heads.
from() {
	local object=$1
	shift
	run -0 --separate-stderr "$sonde" inspect "$object" "$@"
	sed -n '/^records/,/^$/p' <<<"$output" | sed '1,2d;s/^ *//;s/  */ /g'
}

# fails REASON HINT ARGUMENT…: sonde refuses with this reason, and with a hint that begins so.
fails() {
	local expected=$1 advice=$2
	shift 2
	refused "$@"
	[[ $reason == "sonde: $expected"* ]]
	[[ $hint == "${advice:+hint: $advice}"* ]]
}

# trigger OPTION…: runs sonde with them, and what the program reports.
trigger() {
	begin "$@"
	python3 -c 'import os
try: os.getpgid(424246)
except OSError: pass'
	end
	cat out err
}

@test "a C header" {
	[[ $(from stripped.o --types event.h --event events=shown) == \
		"events struct shown 24 --event: types of event.h"* ]]
	[[ $(from stripped.o --types ./event.h --event events=words_t) == \
		"events words_t 24 --event: types of ./event.h"* ]]
	[[ $(from stripped.o --types event.h --event 'events=enum level') == \
		"events enum level 4 --event: types of event.h"* ]]
	[[ $(from stripped.o --types includes.h --event events=shown) == \
		"events struct shown 24 --event: types of includes.h"* ]]
	# The object's own type of this name is another one.
	echo 'struct event { u64 first; };' >own.h
	[[ $(from whole.o --types own.h --event events=event) == "events struct event 8 --event: types of own.h"* ]]
	[[ $(from whole.o --event events=event) == "events struct event 24 --event: DWARF"* ]]
	[ "$(find . -newer own.h -type f ! -name '*.h' | wc -l)" = 0 ]
}

@test "a header that does not compile" {
	printf 'struct x {\n\tu33 a;\n};\n' >bad.h
	fails "bad.h: clang: bad.h:2:2: error: unknown type name 'u33'" 'CPATH=DIR' \
		inspect --types bad.h --event events=x stripped.o
	echo '#include "missing/dir.h"' >bad.h
	fails "bad.h: clang: bad.h:1:10: fatal error: 'missing/dir.h' file not found" '' \
		plan --types bad.h --event events=x stripped.o
	mkdir -p place/missing
	echo 'struct x { int a; };' >place/missing/dir.h
	CPATH=place run -0 "$sonde" inspect --types bad.h --event events=x stripped.o
	grep -q 'types of bad.h' <<<"$output"
	# Its name is no command.
	# shellcheck disable=SC2016
	for name in '$(touch harm).h' '";touch harm;".h' '-o harm.h'; do
		cp event.h "./$name"
		run -0 "$sonde" inspect --types "./$name" --event events=shown stripped.o
		[ ! -e harm ]
	done
}

@test "a header, without clang" {
	mkdir -p empty
	PATH=$PWD/empty run -1 "$sonde" inspect --types event.h --event events=shown stripped.o
	[ "${lines[0]}" = "sonde: event.h: there is no clang to compile it" ]
	[[ ${lines[1]} == "hint: install clang, or give an object: "* ]]
}

@test "types of other files: objects, executables, BTF" {
	[[ $(from stripped.o --types whole.o --event events=event) == \
		"events struct event 24 --event: types of whole.o"* ]]
	[[ $(from stripped.o --types host --event events=shown) == \
		"events struct shown 24 --event: types of host"* ]]
	llvm-objcopy --dump-section .BTF=types.btf stripped.o
	[[ $(from stripped.o --types types.btf --event copies=trace_event_raw_sys_enter) == \
		*"copies struct trace_event_raw_sys_enter 64 --event: types of types.btf"* ]]
	fails "stripped.o: map 'events': there is no type 'none'" 'types are searched in types.btf, BTF, in debug' \
		inspect --types types.btf --event events=none stripped.o
	echo text >text
	fails '--types text: neither an ELF file, nor BTF, nor a C header (.h)' '' \
		inspect --types text --event events=x stripped.o
	strip -o bare host
	fails 'bare: the file has no types, neither BTF nor debug information' 'compile it with' \
		inspect --types bare --event events=x stripped.o
	fails 'host.o: the file has no types' '' inspect --types host.o --event events=x stripped.o
	head -c 100 types.btf >cut.btf
	fails 'cut.btf: ' '' inspect --types cut.btf --event events=x stripped.o
	fails 'missing.h: ENOENT' '' run --types missing.h --event events=x stripped.o
	for verb in inspect plan run; do
		run --separate-stderr -2 "$sonde" $verb --types event.h stripped.o
		[[ ! $output ]]
		[[ ${stderr_lines[0]} == "sonde $verb: --types has no effect without --event MAP=STRUCT, "* ]]
	done
}

@test "types of the kernel come last" {
	[ -e /sys/kernel/btf/vmlinux ] || skip 'this kernel has no BTF'
	[[ $(from stripped.o --event events=task_struct) == \
		"events struct task_struct "*" --event: types of the kernel"* ]]
	# The object has a type of this name, though not all of the kernel's.
	[[ $(from whole.o --event copies=trace_event_raw_sys_enter) == \
		*"copies struct trace_event_raw_sys_enter "*" --event: BTF"* ]]
	# Such a plan is for this kernel.
	run -0 "$sonde" plan --event events=task_struct -o kernel.plan stripped.o
	run -0 strings -a kernel.plan
	grep -qx "$(uname -r)" <<<"$output"
	mkdir -p none
	uname -r >none/release
	uname -m >none/machine
	fails "stripped.o: map 'events': there is no type 'task_struct'" 'types are searched in BTF' \
		inspect --target none --event events=task_struct stripped.o
}

@test "--debug: an object before it was stripped" {
	for object in stripped.o linked.o; do
		[ "$(from $object --debug whole.o)" = "events struct event 24 DWARF of whole.o
copies struct event 24 DWARF of whole.o" ]
		[[ $(from $object --debug whole.o --event copies=event) == \
			*"copies struct event 24 --event: DWARF of whole.o"* ]]
	done
	"$sonde" inspect --json --debug whole.o stripped.o |
		python3 "$root/tests/cli/json_lines.py" "$root/docs/json.schema" inspect
	fails "stripped.o: --debug nothing.o: this is not the same object: it has no function 'types_enter'" \
		'use the file that stripped.o was made of' inspect --debug nothing.o stripped.o
	sed s/424246/424247/ whole.bpf.c >changed.bpf.c
	clang -O2 -g -mcpu=v2 -target bpfel "-I$root/progs/include" "-I$root/build/include" -c changed.bpf.c -o changed.o
	fails "stripped.o: --debug changed.o: this is not the same object: different code in function 'types_enter'" \
		'use the file that stripped.o was made of' plan --debug changed.o stripped.o
	fails '--debug linked.o: it has no debug information either' '' inspect --debug linked.o stripped.o
	# The type that the user chooses needs none.
	for verb in plan inspect; do
		run --separate-stderr -0 "$sonde" $verb --debug whole.o --types event.h --event events=shown \
			--event copies=shown stripped.o
		[[ $stderr == "note: --debug was not used: the types of all records are known without it" ]]
	done
}

@test "records in a run, and in one of a saved plan" {
	needs_bpf
	for how in '--types event.h --event events=shown' '--debug whole.o'; do
		# shellcheck disable=SC2086
		run -0 "$sonde" plan $how -o chosen.plan linked.o
		for what in "$how linked.o" chosen.plan; do
			# shellcheck disable=SC2086
			trigger --json $what
			case $how in
			--types*) grep -q '"process":[0-9]*,"how":"LOW","who":"python3"' out ;;
			*) grep -q '"events","pid":[0-9]*,"level":-3,"comm":"python3"' out ;;
			esac
		done
	done
	fails 'chosen.plan: a saved plan contains its record types' '' run --event events=event chosen.plan
}

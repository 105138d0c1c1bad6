#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde calls: the BPF system calls of other programs, compared with strace and with sonde's own -vv.
#
# shellcheck disable=SC2154

load lib

setup_file() {
	prepare
	musl-gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Os -static tests/cli/traced.c \
		-o "$BATS_FILE_TMPDIR/traced"
	compile_nothing
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	traced=$BATS_FILE_TMPDIR/traced
}

# calls ARGUMENT…: the calls go to the file err, the command's own output to out; its status is $status.
calls() {
	status=0
	timeout 600 "$sonde" calls "$@" >out 2>err || status=$?
	cat err
}

# Command, size and result of each call of bpf(2). strace splits calls that another thread interrupts.
strip_strace() {
	awk 'sub(/ <unfinished ...>$/, "") { begun[$1] = $0; next }
		/ <... bpf resumed>/ { sub(/.* <... bpf resumed>/, begun[$1]) }
		1' "$@" | name_new_commands | sed -nE 's/^([0-9]+ +)?bpf\(([A-Z_0-9x]+).*, ([0-9]+)\) += (-?[0-9]+).*/\2 \3 \4/p'
}
strip() {
	sed -nE 's/^(\[[0-9]+\] )?bpf\(([A-Z_0-9x]+), .*, ([0-9]+)\) = (-?[0-9]+).*/\2 \3 \4/p' "$@"
}

@test "call for call as strace: bpftool, a loader, a shell with children" {
	needs_bpf
	# Nothing that depends on what other tests have in the kernel.
	for command in "bpftool prog show id 4000000000" "bpftool map create ./no/map type hash key 4 value 8 entries 1 name x" \
		"$sonde run $progs/execcount.bpf.o --for 10ms" "$traced one family threads execute" \
		"sh -c '$traced one | $traced one'"; do
		calls -- sh -c "$command"
		strace -f -o strace -e trace=bpf sh -c "$command" >theirs 2>&1 || true
		# Threads and pipes finish in any order.
		cmp <(strip err | sort) <(strip_strace strace | sort)
	done
	[[ $(strip err | wc -l) = 4 ]]
}

@test "descriptors have names, whichever process and number" {
	needs_bpf
	calls -- "$traced" family
	grep -E '^bpf\(BPF_MAP_CREATE, \{.*map_name="inherited"\}, 44\) = [0-9]+  # [0-9.]+ m?s$|us$' err
	grep -E "^\[[0-9]+\] bpf\(BPF_MAP_UPDATE_ELEM, \{map_fd=77 \(map 'inherited'\), key=&0, value=&9\}, 32\) = 0" err
	calls -v -- "$sonde" run "$progs/execcount.bpf.o" --for 10ms
	grep -E "^ +[0-9]+: r1 = map\[exec_count\] ll$" err
	grep -E '^    btf +BTF of [0-9]+ types, [0-9]+ bytes$' err
	grep -E "^    link_create.prog_fd +[0-9]+ \(program '" err
	grep -A 9 -E '^    info.info +info, [0-9]+ bytes' err | grep -qx '      name                 "execcount"'
	[[ $(grep -v : err | widest) -le 80 ]]
	calls -j -- "$sonde" run "$progs/execcount.bpf.o" --for 10ms
	grep '^{' err | python3 "$root/tests/cli/json_lines.py" "$root/docs/json.schema" calls
	grep '^{' err | jq -es 'map(.info.name) | index("\"execcount\"")'
	# On a terminal, lines end between fields.
	script -qec "'$sonde' calls -- '$traced' family" /dev/null </dev/null >terminal
	[[ $(tr -d '\r' <terminal | widest) -le 80 ]]
	tr -d '\r' <terminal | grep -q 'value_size=4,$' # script(1) echoes ^D somewhere
}

@test "the fields are those of -vv" {
	needs_bpf
	calls -- "$sonde" run -vv "$BATS_FILE_TMPDIR/nothing.o" --for 10ms
	for field in map_type key_size value_size max_entries insn_cnt prog_type link_create.attach_type; do
		cmp <(grep '# ' err | grep -oE "\b$field=[^,}]*") \
			<(grep -v '# ' err | grep -oE "\b$field=[^,}]*")
	done
	grep -E '^ioctl\([0-9]+ \(tracepoint event [0-9]+\), PERF_EVENT_IOC_ENABLE, 0\) = 0' err
}

@test "why the verifier refuses a program" {
	needs_bpf
	compile bad.o <<-'END'
		SEC("tp/syscalls/sys_enter_getpgid") int bad(void *ctx) { return *(int *)0; }
	END
	calls -- "$sonde" run bad.o
	[[ $status = 1 ]]
	grep -E "^bpf\(BPF_PROG_LOAD, .*\) = -1 EACCES \(Permission denied\)" err
	grep -E "^    rejected by the verifier \(EACCES\): .*, at: .*bad.bpf.c:[0-9]+$" err
	calls --json -- "$sonde" run bad.o
	grep '^{' err | jq -es '.[-1] | .errno == "EACCES" and (.reason | test("verifier")) and (.hint | test("Assign"))'
}

@test "status: of the command, of the signal, and what cannot be executed" {
	calls -- sh -c 'echo out; echo err >&2; exit 7'
	[[ $status = 7 && $(cat out) = out && $(cat err) = err ]]
	calls -- "$traced" killed
	[[ $status = 137 ]]
	calls -- sh -c 'kill -INT $$'
	[[ $status = 130 ]]
	refused calls -- ./missing
	[[ $reason = "sonde: ./missing: execute it: ENOENT: No such file or directory" ]]
	: >plain
	refused calls -- ./plain
	[[ $reason = *"EACCES: Permission denied" ]]
	refused calls -p 4194305
	[[ $reason = "sonde: trace process 4194305: ESRCH: No such process" ]]
}

@test "processes of another user" {
	[[ $(id -u) = 0 ]] || skip "needs root to become another user"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	nobody=(setpriv --reuid 65534 --clear-groups --inh-caps=-all)
	"${nobody[@]}" test -x "$sonde" || skip "its user cannot execute sonde here"
	run -1 "${nobody[@]}" "$sonde" calls -p $$
	[[ ${lines[0]} = "sonde: trace process $$: EPERM: Operation not permitted" ]]
	[[ ${lines[1]} = "hint: processes of other users, and those with more rights, need CAP_SYS_PTRACE (root)" ||
		${lines[1]} = "hint: kernel.yama.ptrace_scope is "* ]]
	# One's own need no rights.
	run -0 "${nobody[@]}" "$sonde" calls -- "$traced" one
	[[ ${lines[0]} = 'bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_ARRAY, '* ]]
}

@test "a running process: followed, left alone, and not by two" {
	mkfifo go
	"$traced" wait one <>go 3>&- &
	running=$!
	"$sonde" calls -p "$running" >first 2>note 3>&- &
	tracer=$!
	until grep -q following note; do sleep 0.02; done
	refused calls -p "$running"
	[[ $reason = *"EPERM"* && $hint = "hint: process $tracer traces it: a process has one tracer" ]]
	kill -TERM "$tracer"
	wait "$tracer" # 0
	until grep -q '^State:.S' "/proc/$running/status"; do sleep 0.02; done
	"$sonde" calls -p "$running" >second 2>/dev/null 3>&- &
	tracer=$!
	until ! grep -q "^TracerPid:.0$" "/proc/$running/status"; do sleep 0.02; done
	echo >go
	wait "$running" "$tracer"
	[[ ! -s first ]]
	[[ $(id -u) != 0 ]] || [[ $(strip second) = "BPF_MAP_CREATE 44 "*"BPF_MAP_UPDATE_ELEM 32 0" ]]
}

@test "signals go to the command, processes that it leaves behind are followed" {
	mkfifo go
	env --default-signal=INT "$sonde" calls -- "$traced" wait <>go >out 2>err 3>&- &
	tracer=$!
	until pgrep -P "$tracer" traced; do sleep 0.02; done
	kill -INT "$tracer"
	sleep 0.1
	kill -TERM "$tracer" # that was not the end
	status=0
	wait "$tracer" || status=$?
	[[ $status = 143 ]]
	calls -c -- sh -c "(sleep 0.1; $traced one) & exit 3"
	[[ $status = 3 ]]
	grep -E '^BPF_MAP_CREATE +1 +[01] ' err
	# Those are ended, since their calls would fail without a tracer.
	env --default-signal=INT "$sonde" calls -- sh -c "sleep 1000 & echo \$! >left; exit 4" >out 2>err 3>&- &
	tracer=$!
	until [[ -s left ]] && ! pgrep -P "$tracer" sh; do sleep 0.02; done
	kill -INT "$tracer"
	status=0
	wait "$tracer" || status=$?
	[[ $status = 4 ]]
	while kill -0 "$(cat left)"; do sleep 0.02; done
}

@test "32-bit programs" {
	needs_bpf
	[[ $(uname -m) = x86_64 ]] || skip "another architecture"
	gcc -m32 -nostdlib -static -fno-stack-protector -fno-pie -no-pie -O1 -x c - -o narrow <<-'END'
		static int call(int n, int a, void *b, int c)
		{
			int r;
			__asm__ volatile("int $0x80" : "=a"(r) : "a"(n), "b"(a), "c"(b), "d"(c) : "memory");
			return r;
		}
		void _start(void)
		{
			unsigned attr[7] = {2, 4, 4, 1};
			call(357, 0, attr, sizeof attr);
			call(1, 5, 0, 0);
		}
	END
	./narrow || [[ $? = 5 ]] || skip "this kernel runs no 32-bit programs"
	calls -- ./narrow
	[[ $status = 5 ]]
	grep -E '^bpf\(BPF_MAP_CREATE, \{map_type=BPF_MAP_TYPE_ARRAY, key_size=4, value_size=4, max_entries=1\}, 28\) = [0-9]' err
}

@test "hostile sizes, addresses and names" {
	for option in "" -v --json; do
		# shellcheck disable=SC2086
		calls $option -- "$traced" hostile one
		[[ $status = 0 ]]
		[[ $option = --json ]] || ! grep -q $'[\e\xff]' err
	done
	python3 "$root/tests/cli/json_lines.py" "$root/docs/json.schema" calls <err
	calls -- "$traced" hostile
	grep -F 'bpf(BPF_MAP_CREATE, {}, 4294967295) = -1 E' err
	grep -F 'map_name="?[2J???"}, 44) = -1 E' err
	[[ $(grep -c '^bpf(' err) = 16 && $(wc -l <err) -le 20 ]]
}

@test "--diff: the plan of an object beside what a loader does" {
	needs_bpf
	calls --diff "$progs/execcount.bpf.o" -- "$sonde" run "$progs/execcount.bpf.o" --for 10ms
	[[ $(tail -n 1 err) = "6 in both, 0 only planned, "?" only made" ]]
	! grep '^-' err || false
	grep -qx '+ BPF_ENABLE_STATS' err
	[[ $(grep '^  ' err | head -n 3) = "  BPF_BTF_LOAD"$'\n'"  BPF_MAP_CREATE \"exec_count\""$'\n'"  BPF_PROG_LOAD \"execcount\"" ]]
	calls --diff "$progs/execcount.bpf.o" -- "$traced" one
	grep -A 9 -x '  BPF_MAP_CREATE "one"' err | grep -x -e '-     key_size=4' && false
	grep -A 9 -x '  BPF_MAP_CREATE "one"' err | grep -x -e '+     map_type=BPF_MAP_TYPE_ARRAY'
	[[ $(tail -n 1 err) = "1 in both, 5 only planned, 1 only made" ]]
	refused calls --diff missing.o -- "$traced" one
	[[ $reason = "sonde: missing.o: ENOENT: No such file or directory" ]]
}

@test "counts" {
	calls -c -- "$traced" one one family
	[[ $(sed -n '1s/ .*//p' err) = COMMAND && $(tail -n 1 err) =~ ^total\ +6\ +[0-9]+\ +[0-9.]+\ [mu]?s$ ]]
	calls -cj -- "$traced" one one family
	python3 "$root/tests/cli/json_lines.py" "$root/docs/json.schema" calls <err
	jq -es 'map(.calls) | add == 6' err
}

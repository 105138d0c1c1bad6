#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde run on this kernel: what each option does. Only processes of the test are observed.
#
# shellcheck disable=SC2016,SC2030,SC2031

load lib

# Kernel file systems, some of which sonde may mount in its own namespace. Other tests, which run at the
# same time, mount /sys/fs/bpf.
mounts() {
	grep -E ' - (tracefs|debugfs|bpf|proc|sysfs|securityfs|cgroup2) ' /proc/self/mountinfo |
		grep -v ' /sys/fs/bpf '
}

setup_file() {
	prepare
	mounts >"$BATS_FILE_TMPDIR/mounts"
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing

	# Common to all objects: nothing is observed unless only_pid is set.
	cat >watch.h <<-'END'
		const volatile pid_t only_pid = -1;
		static bool is_other(void)
		{
			return only_pid != (pid_t)(bpf_get_current_pid_tgid() >> 32);
		}
	END

	# Records with every kind of variable that --set supports.
	compile ring.o <<-'END'
		#include "watch.h"
		enum mood { GOOD, BAD = 7 };
		const volatile __u8 small = 1;
		const volatile __s16 negative = -2;
		const volatile __u64 large = 3;
		const volatile bool truth = false;
		const volatile enum mood mood = GOOD;
		const volatile char word[8] = "abc";
		__u32 start = 5;
		struct record {
			pid_t pid;
			__u32 number;
			__u8 small;
			bool truth;
			__s16 negative;
			__u64 large;
			enum mood mood;
			char word[8];
		};
		struct {
			__uint(type, BPF_MAP_TYPE_RINGBUF);
			__uint(max_entries, 4096);
		} ring SEC(".maps");
		SONDE_EVENT(ring, struct record);
		SEC("tp/syscalls/sys_enter_openat")
		int cli_ring(void *ctx)
		{
			struct record *r;
			if (is_other() || !(r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0)))
				return 0;
			r->pid = only_pid;
			r->number = start++;
			r->small = small;
			r->truth = truth;
			r->negative = negative;
			r->large = large;
			r->mood = mood;
			for (int i = 0; i < 8; i++)
				r->word[i] = word[i];
			bpf_ringbuf_submit(r, 0);
			return 0;
		}
	END

	# Two programs, two maps, a counter in .bss, and key 0.
	compile maps.o <<-'END'
		#include "watch.h"
		struct {
			__uint(type, BPF_MAP_TYPE_HASH);
			__uint(max_entries, 8);
			__type(key, __u32);
			__type(value, __u64);
		} cli_calls SEC(".maps");
		struct {
			__uint(type, BPF_MAP_TYPE_ARRAY);
			__uint(max_entries, 3);
			__type(key, __u32);
			__type(value, __u64);
		} cli_slots SEC(".maps");
		__u64 total;
		static int count(__u32 key)
		{
			__u64 one = 1, *n;
			if (is_other())
				return 0;
			total++;
			n = bpf_map_lookup_elem(&cli_calls, &key);
			if (n)
				*n += 1;
			else
				bpf_map_update_elem(&cli_calls, &key, &one, BPF_ANY);
			key = 1;
			if ((n = bpf_map_lookup_elem(&cli_slots, &key)))
				*n += 2;
			return 0;
		}
		SEC("tp/syscalls/sys_enter_openat") int cli_enter(void *ctx) { return count(0); }
		SEC("tp/syscalls/sys_exit_openat") int cli_exit(void *ctx) { return count(7); }
	END

	compile print.o <<-'END'
		#include "watch.h"
		SEC("tp/syscalls/sys_enter_openat")
		int cli_print(void *ctx)
		{
			if (!is_other())
				bpf_printk("an open by %d", only_pid);
			return 0;
		}
	END

	# More records than fit; the program counts each lost one.
	compile lost.o <<-'END'
		#include "watch.h"
		struct {
			__uint(type, BPF_MAP_TYPE_RINGBUF);
			__uint(max_entries, 4096);
		} ring SEC(".maps");
		struct {
			__uint(type, BPF_MAP_TYPE_ARRAY);
			__uint(max_entries, 1);
			__type(key, __u32);
			__type(value, __u64);
		} lost SEC(".maps");
		struct record {
			__u32 number;
			char text[1000];
		};
		SONDE_EVENT(ring, struct record);
		SEC("tp/syscalls/sys_enter_openat")
		int cli_lost(void *ctx)
		{
			struct record *r;
			__u32 slot = 0;
			__u64 *n = bpf_map_lookup_elem(&lost, &slot);
			if (is_other() || !n)
				return 0;
			for (int i = 0; i < 20; i++) {
				r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
				if (!r) {
					*n += 1;
					continue;
				}
				r->number = i;
				r->text[0] = 0;
				bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
			}
			return 0;
		}
	END
}

setup() {
	needs_bpf
	cd "$BATS_TEST_TMPDIR" || return
	in=$BATS_FILE_TMPDIR
}

teardown() {
	gone cli_
}

# value NAME LINE: a field of line LINE of the JSON in out.
value() {
	sed -n "$2p" out | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}

@test "records of a ring buffer, in columns" {
	observe "$in/ring.o"
	cat out err
	[[ $status = 0 ]]
	[[ $(cat err) == "ring: 1 program attached; Ctrl-C to stop" ]]
	[[ $(wc -l <out) = 4 ]]
	head -n 1 out | grep -qE '^PID +NUMBER +SMALL +TRUTH +NEGATIVE +LARGE +MOOD +WORD$'
	for n in 5 6 7; do
		grep -qE "^$opener +$n +1 +false +-2 +3 +GOOD +abc$" out
	done
	[[ $(widest <out) -le 80 ]]
}

@test "records of a ring buffer, as JSON" {
	observe "$in/ring.o" --json
	is_json <out
	[[ $(sed -n 2p out) == '{"map":"ring","pid":'$opener',"number":6,"small":1,"truth":false,"negative":-2,"large":3,"mood":"GOOD","word":"abc"}' ]]
}

@test "--set: integers of each size, bool, enum, text" {
	observe "$in/ring.o" --json --set small=255 --set negative=-32768 --set word=seven77 \
		--set large=0xffffffffffffffff --set truth=true --set mood=BAD --set start=4000000000
	cat out err
	[[ $(value small 1) = 255 && $(value negative 1) = -32768 ]]
	[[ $(value large 1) = 18446744073709551615 ]]
	[[ $(value truth 1) = True && $(value mood 1) = BAD && $(value word 1) = seven77 ]]
	[[ $(value number 1) = 4000000000 && $(value number 3) = 4000000002 ]]
	# The last one takes effect.
	observe "$in/ring.o" --json --set small=2 --set truth=0 --set mood=7
	[[ $(value small 1) = 2 && $(value truth 1) = False && $(value mood 1) = BAD ]]
}

@test "--set: invalid values" {
	for one in small=256 small=-1 negative=32768 negative=-32769 truth=2 \
		large=0x10000000000000000 large=-1 only_pid=2147483648; do
		refused run "$in/ring.o" --set "$one"
		[[ $reason == "sonde: $in/ring.o: variable '${one%=*}': ${one#*=} is out of range ("* ]]
	done
	for one in small= small=x small=1x "small= 1" negative=1.5 truth=yes; do
		refused run "$in/ring.o" --set "$one"
		[[ $reason == *"variable '${one%=*}' expects a number, got '${one#*=}'" ]]
	done
	refused run "$in/ring.o" --set word=eightabc
	[[ $reason == *"variable 'word': 'eightabc' is too long (at most 7 characters)" ]]
	refused run "$in/ring.o" --set mood=UGLY
	[[ $reason == *"variable 'mood': enum mood has no 'UGLY'" ]]
	refused run "$in/ring.o" --set nope=1
	[[ $reason == *"there is no variable 'nope'" ]]
	for name in only_pid small negative large truth mood word start; do
		[[ $hint == *"$name"* ]]
	done
}

@test "maps are shown if there is nothing else, including key 0" {
	observe "$in/maps.o" --every 1h
	cat out err
	# Three opens, entry and exit; constant data is not shown.
	grep -qE '^cli_calls: 2 entries$' out
	grep -qE '^ *0 +3$' out
	grep -qE '^ *7 +3$' out
	grep -qE '^ *1 +12$' out
	grep -qE 'total.* 6$' out
	run ! grep -q only_pid out
	observe "$in/maps.o" --every 1h --json
	cat out
	is_json <out
	grep -qx '{"map":"cli_calls","key":0,"value":3}' out
	grep -qx '{"map":"cli_calls","key":7,"value":3}' out
	grep -qx '{"map":"cli_slots","key":1,"value":12}' out
	grep -qx '{"map":".bss","value":{"total":6}}' out
	[[ $(grep -c "\"map\"" out) = 4 ]] # slots of arrays that are zero are left out
}

@test "--map shows only the named maps; an unknown name is an error" {
	observe "$in/maps.o" --every 1h --json --map cli_slots
	[[ $(tail -n +2 out) == '{"map":"cli_slots","key":1,"value":12}' ]]
	observe "$in/maps.o" --every 1h --json --map cli_slots --map cli_calls
	[[ $(grep -c "\"map\"" out) = 3 ]]
	refused run "$in/maps.o" --map nope
	[[ $reason == "sonde: $in/maps.o: there is no map 'nope'" ]]
	[[ $hint == "hint: its maps are: "*cli_calls*cli_slots* ]]
	# Records are still shown.
	observe "$in/ring.o" --json --map ring --map .data --every 1h
	[[ $(grep -c '"map":"ring"' out) = 3 && $(grep -c '"start":8' out) = 1 ]]
}

@test "--only loads and attaches only that program" {
	observe "$in/maps.o" --every 1h --json --only cli_exit
	cat out err
	grep -qx '{"map":"cli_calls","key":7,"value":3}' out
	run ! grep -q '"map":"cli_calls","key":0' out
	grep -q "1 program attached" err
	refused run "$in/maps.o" --only cli_exit --only nope
	[[ $reason == *"there is no program 'nope'" ]]
	[[ $hint == "hint: its programs are: cli_enter, cli_exit" ]]
}

@test "bpf_printk lines with process and program" {
	observe "$in/print.o"
	cat out err
	[[ $(head -n 1 out) =~ ^PID\ +COMM\ +MESSAGE$ ]]
	[[ $(grep -cE "^$opener +act +an open by $opener$" out) = 3 && $(wc -l <out) = 4 ]]
	observe "$in/print.o" --json
	is_json <out
	[[ $(wc -l <out) = 3 ]]
	[[ $(value program 1) = cli_print && $(value pid 1) = "$opener" && $(value comm 1) = act ]]
	[[ $(value message 3) = "an open by $opener" ]]
}

@test "--for limits the time, in any unit" {
	for time in 0.3 300ms 0.3s 0.005m; do
		begin=${EPOCHREALTIME/./}
		run --separate-stderr -0 "$sonde" run "$in/nothing.o" --for "$time"
		took=$((${EPOCHREALTIME/./} - begin))
		echo "$time: $took us"
		[[ $took -ge 300000 && $took -lt 60000000 && ! $output ]]
	done
}

@test "an iterator is shown, however short the run" {
	[[ -e /sys/kernel/btf/vmlinux ]] || skip "iterators need the types of the kernel"
	compile iter.o <<-'END'
		SEC("iter/task") int first(struct bpf_iter__task *ctx)
		{
			static const char text[] = "one\n";
			if (!ctx->meta->seq_num)
				bpf_seq_printf(ctx->meta->seq, text, sizeof text, 0, 0);
			return 0;
		}
	END
	run --separate-stderr -0 "$sonde" run iter.o --for 1ms
	[[ $output == one ]]
	begin iter.o
	end INT
	[[ $(<out) == one ]]
}

@test "--every sets the interval, and the last state is shown on exit" {
	run --separate-stderr -0 "$sonde" run "$in/maps.o" --map .bss --json --for 1.1s --every 0.25s
	# Four at intervals and one at the end; on a loaded machine, some of the four may be missing.
	echo "${#lines[@]} times"
	grep -o '"snapshot":[0-9]*' <<<"$output" >numbers
	n=$(wc -l <numbers)
	[[ $n -ge 2 && $n -le 5 && $(grep -c '^{"map":".bss"' <<<"$output") = "$n" ]]
	seq -f '"snapshot":%g' "$n" | cmp - numbers
	run --separate-stderr -0 "$sonde" run "$in/maps.o" --map .bss --json --for 50ms
	[[ ${#lines[@]} = 2 && ${lines[0]} == '{"snapshot":1,"of":".bss","time_ns":'[1-9]*'}' ]]
}

@test "a message if there is nothing to show" {
	run --separate-stderr -0 "$sonde" run "$in/nothing.o" --for 10ms
	[[ ! $output && $stderr == "nothing: 1 program attached, nothing to show"* ]]
}

@test "lost records are counted and reported" {
	touch here
	opener here
	begin "$in/lost.o" --set "only_pid=$opener" --json
	kill -STOP "$pid" # so that the buffer is not read
	let_open
	kill -CONT "$pid"
	end
	cat err
	received=$(grep -c '"map":"ring"' out)
	echo "$received received"
	[[ $received -ge 1 && $received -lt 20 ]]
	grep -q "^note: $((20 - received)) records were lost because the ring buffer was full" err
	grep -qx "{\"lost\":$((20 - received)),\"of\":\"ring\"}" out
}

@test "-v shows each step with its result on stderr" {
	run --separate-stderr -0 "$sonde" run -v "$in/maps.o" --for 10ms --json
	is_json <<<"$output"
	for text in "bpf(BPF_BTF_LOAD, {" "bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH" \
		"# map 'cli_calls': create" "# program 'cli_enter' (tp/syscalls/sys_enter_openat): load" \
		"perf_event_open({type=PERF_TYPE_TRACEPOINT" "PERF_EVENT_IOC_ENABLE" 'events/syscalls/sys_enter_openat/id" of tracefs'; do
		[[ $stderr == *"$text"* ]]
	done
	# Each has a result.
	[[ $(grep -c '# ' <<<"$stderr") = $(grep -cE '^.*\) = -?[0-9]+|^read .* = [0-9]+' <<<"$stderr") ]]
}

@test "-vv agrees with strace: the same calls, sizes and results in the same order" {
	for object in ring maps print; do
		strace -f -o strace -e trace=bpf "$sonde" run -vv "$in/$object.o" --for 10ms >out 2>err
		# strace prefixes the pid and pads before the result.
		name_new_commands <strace |
			sed -nE 's/^[0-9]+ +bpf\(([A-Z_]+), .*, ([0-9]+)\) += (-?[0-9]+).*/\1 \2 \3/p' >theirs
		sed -nE 's/^bpf\(([A-Z_]+), .*, ([0-9]+)\) += (-?[0-9]+).*/\1 \2 \3/p' err >ours
		cat theirs
		[[ $(wc -l <theirs) -ge 4 ]]
		cmp theirs ours
		# And the fields that are not addresses.
		for field in map_type key_size value_size max_entries map_name insn_cnt prog_type prog_name; do
			grep -oE "\b$field=[^,}]*" strace | grep -vE '=(0|"")$' >theirs || continue
			grep -oE "\b$field=[^,}]*" err >ours
			cmp theirs ours
		done
	done
}

@test "--ready-fd: a newline after the last program is attached" {
	strace -f -o strace -e trace=bpf,ioctl,write "$sonde" run "$in/maps.o" --for 10ms \
		--ready-fd 4 >out 2>err 4>ready
	[[ $(od -An -c ready | tr -d ' ') == '\n' ]]
	sed -nE 's/^[0-9]+ +(write\(4|ioctl\(.*ENABLE|bpf\(BPF_LINK_CREATE).*/\1/p' strace >order
	cat order
	[[ $(tail -n 1 order) == 'write(4' && $(grep -c . order) = 5 ]]
	# Not on failure.
	run -1 bash -c '"$0" run "$1" --map nope --ready-fd 4 4>"$2"' "$sonde" "$in/maps.o" "$PWD/failed"
	[[ ! -s failed ]]
	# A notification that cannot be delivered is an error.
	run -1 bash -c '"$0" run "$1" --ready-fd 4 4>/dev/full' "$sonde" "$in/maps.o"
	[[ $output == "sonde: --ready-fd 4: ENOSPC: "* ]]
}

@test "SIGINT, SIGTERM and SIGHUP exit with 0 after the last state; SIGKILL leaves nothing" {
	for signal in INT TERM HUP KILL; do
		begin "$in/maps.o" --map .bss --json --every 1h
		end "$signal"
		if [[ $signal = KILL ]]; then
			[[ $status = 137 && ! -s out ]]
		else
			[[ $status = 0 && $(tail -n +2 out) == '{"map":".bss","value":{"total":0}}' ]]
		fi
		gone cli_
	done
}

@test "it exits silently when its reader closes the pipe" {
	for end in : 'head -n 1' 'head -n 3'; do
		run --separate-stderr -0 timeout 600 bash -c \
			'"$0" run "$1" --map .bss --json --every 50ms | '"$end"' >/dev/null; exit ${PIPESTATUS[0]}' \
			"$sonde" "$in/maps.o"
		[[ $stderr == "maps: 2 programs attached; Ctrl-C to stop" ]]
	done
}

@test "it exits when its reader closes the pipe, even with nothing to write" {
	run --separate-stderr -0 timeout 600 bash -c '"$0" run "$1" | :; exit ${PIPESTATUS[0]}' \
		"$sonde" "$in/nothing.o"
}

@test "closed stdin, stdout and stderr are not reused for other files" {
	strace -f -o calls -e trace=bpf,perf_event_open,openat "$sonde" run "$in/maps.o" --for 10ms \
		<&- >&- 2>&- || true
	cat calls
	grep -q BPF_PROG_LOAD calls
	run ! grep -E '^[0-9]+ +(bpf\(BPF_[A-Z_]*(CREATE|LOAD)|perf_event_open).* = [0-2]$' calls
}

@test "a full device is an error: status 1" {
	run -1 timeout 600 bash -c '"$0" run "$1" --json --every 50ms 2>&1 >/dev/full' "$sonde" "$in/maps.o"
	[[ ${lines[-1]} == "sonde: write to stdout: ENOSPC: No space left on device" ]]
	run -1 timeout 600 bash -c '"$0" run "$1" --json --every 50ms 2>&1 >&-' "$sonde" "$in/maps.o"
	[[ ${lines[-1]} == "sonde: write to stdout: EBADF: Bad file descriptor" ]]
}

@test "a saved plan runs without its object" {
	cp "$in/ring.o" object.o
	"$sonde" plan object.o -o saved --set small=9
	rm object.o
	observe saved --json
	[[ $(wc -l <out) = 3 && $(value small 1) = 9 && $(value pid 1) = "$opener" ]]
	observe saved --json --set small=8
	[[ $(value small 1) = 8 ]]
}

@test "its mounts are private" {
	observe "$in/ring.o"
	[[ $status = 0 ]]
	mounts | diff "$in/mounts" -
}

@test "two instances: each shows all of its own lines" {
	touch a
	opener a a
	first=$opener
	mv go go1
	begin "$in/print.o" --json --set "only_pid=$first"
	mv out out1
	mv err err1
	other=$pid
	observe "$in/print.o" --json
	echo >go1
	wait "$first"
	kill -TERM "$other"
	wait "$other"
	cat out out1
	# Their formats are equal, so a line may belong to either.
	[[ $(grep -c "an open by $opener" out) = 3 && $(grep -c "an open by $first" out1) = 2 ]]
}

@test "a program of SEC(\"syscall\") is run once, and its return value is shown" {
	needs_bpf
	compile ask.o <<-'END'
		const volatile int answer = 40;
		SEC("syscall") int ask(void *ctx) { return answer + 2; }
	END
	run --separate-stderr -0 "$sonde" run ask.o --for 10ms
	[[ ${stderr_lines[0]} == "note: program 'ask' (syscall): it returned 42" ]]
	run --separate-stderr -0 "$sonde" run ask.o --for 10ms --set answer=-50
	[[ ${stderr_lines[0]} == "note: program 'ask' (syscall): it returned -48" ]]
	# Among the calls, too.
	run --separate-stderr -0 "$sonde" run ask.o --for 10ms -v
	[ "$(grep -c "^note: program 'ask' (syscall): it returned 42$" <<<"$stderr")" = 1 ]
	run --separate-stderr -0 "$sonde" load ask.o
	[[ ! $output && $stderr == "ask: 1 program and 1 map loaded; unloaded again (--pin DIR keeps them)" ]]
}

@test "a command is followed, and ends the run with its status" {
	run --separate-stderr -7 "$sonde" run "$progs/opensnoop.bpf.o" --pid-var only_pid -- \
		sh -c 'read -r _ </etc/hostname; exit 7'
	[[ $output == *" sh "*" /etc/hostname"* ]]
	[[ ${lines[0]} == PID* && $(grep -vc ' sh ' <<<"$output") = 1 ]]
	run -137 "$sonde" run "$progs/opensnoop.bpf.o" -- sh -c 'kill -KILL $$'
	run --separate-stderr -0 "$sonde" run "$progs/execcount.bpf.o" --for 100ms -- sleep 20
	[[ $stderr =~ "note: sleep goes on as process "([0-9]+) ]]
	kill "${BASH_REMATCH[1]}"
}

@test "a command that can't be executed, and one that never begins" {
	run --separate-stderr -1 "$sonde" run "$progs/opensnoop.bpf.o" -- ./no-such-command
	[[ $stderr == *"sonde: ./no-such-command: ENOENT: "* ]]
	run --separate-stderr -1 "$sonde" run "$progs/opensnoop.bpf.o" --set no_such=1 -- touch begun
	[[ ! -e begun ]]
	run -2 "$sonde" run "$progs/opensnoop.bpf.o" --
	run -2 "$sonde" run "$progs/opensnoop.bpf.o" --pid-var only_pid
}

@test "an object from a pipe" {
	run --separate-stderr -0 bash -c 'cat "$1" | "$0" run - --for 50ms' "$sonde" "$progs/opensnoop.bpf.o"
	[[ $stderr == *"stdin: 2 programs attached"* ]]
	run --separate-stderr -1 "$sonde" load - </dev/null
	[[ $stderr == "sonde: standard input is empty"* ]]
	run --separate-stderr -1 "$sonde" load - <<<"no object"
	[[ $stderr == "sonde: stdin: "* ]]
}

@test "in a PID namespace, the programs have other pids" {
	needs_bpf
	[[ $EUID = 0 ]] || skip "not root"
	run --separate-stderr -0 unshare --pid --fork --mount-proc "$sonde" run "$progs/hello.bpf.o" --for 10ms
	[[ $stderr == *"note: program 'hello' gets pids of the initial PID namespace"* ]]
	[[ $(readlink /proc/self/ns/pid) = "pid:[4026531836]" ]] || return 0
	run --separate-stderr -0 "$sonde" run "$progs/hello.bpf.o" --for 10ms
	[[ $stderr != *namespace* ]]
}

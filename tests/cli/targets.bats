#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Where programs attach, as users tell it: section names without a target, and --on.

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile bare.o <<-'END'
		int calls;
		SEC("?tp") int tp(void *ctx) { calls++; return 0; }
		SEC("?raw_tp") int raw(void *ctx) { calls++; return 0; }
		SEC("?kprobe") int kp(void *ctx) { calls++; return 0; }
		SEC("?fentry") int fe(void *ctx) { calls++; return 0; }
		SEC("?uprobe") int up(void *ctx) { calls++; return 0; }
		SEC("?xdp/devmap") int dev(void *ctx) { return 1; }
		SEC("?tp/syscalls/sys_enter_getsid") int other(void *ctx) { calls++; return 0; }
	END
	compile calls.o <<-'END'
		struct args { __u64 pages; int sign; };
		long sum;
		SEC("syscall") int setup(struct args *a) { sum += a->pages + a->sign; return 0; }
		SEC("syscall") int plain(void *ctx) { sum += 100; return 0; }
		SEC("?tp/sched/sched_switch") int other(void *ctx) { return 0; }
	END
	compile foreign.o <<-'END'
		struct { __u32 type, key, value, max, flags, id, pin, inner, index; }
		jumps SEC("maps") = { BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 3, 0, 2 };
		SEC("2/1") int second(struct __sk_buff *skb) { return 0; }
		SEC("from-netdev") int entry(struct __sk_buff *skb)
		{
			bpf_tail_call(skb, &jumps, 1);
			return 1;
		}
	END
	compile ops.o <<-'END'
		struct tcp_congestion_ops { int (*ssthresh)(void); int (*undo_cwnd)(void); char name[16]; };
		SEC("struct_ops/a") int a(void *ctx) { return 2; }
		SEC("struct_ops/b") int b(void *ctx) { return 2; }
		SEC(".struct_ops") struct tcp_congestion_ops ours = {(void *)a, (void *)b, "ours"};
		SEC("tp/sched/sched_switch") int probe(void *ctx) { return 0; }
	END
	compile walk.o <<-'END'
		struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int);
			__type(value, long); } numbers SEC(".maps");
		SEC("iter/task") int tasks(void *ctx) { return 0; }
		SEC("iter/bpf_map_elem") int elements(void *ctx) { return 0; }
		SEC("iter/bpf_map") int maps(void *ctx) { return bpf_map_lookup_elem(&numbers, ctx) != 0; }
	END
	compile user.o <<-'END'
		SEC("uprobe/net/http.Get") int go(void *ctx) { return 0; }
		SEC("uprobe/libpthread:pthread_create") int thread(void *ctx) { return 0; }
	END
	compile several.o <<-'END'
		int calls;
		SEC("tp/raw_syscalls/sys_enter") int good(void *ctx) { calls++; return 0; }
		SEC("fentry/sonde_has_no_such_function") int typed(void *ctx) { return 0; }
		SEC("uprobe//nowhere/at/all:main") int user(void *ctx) { return 0; }
		SEC("uprobe//bin/sh:no_such_function") int symbol(void *ctx) { return 0; }
		SEC("tp/syscalls/sys_enter_nothing") int point(void *ctx) { return 0; }
	END
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

@test "a run that attaches nothing for want of a target is an error" {
	local p
	for p in tp raw kp fe up; do
		run -1 --separate-stderr "$sonde" run bare.o --only $p --for 100ms
		[[ $stderr == *"program '$p' "*": attach: requires a target to attach to"* ]]
		[[ $stderr == *"hint: use SEC(\"$(type_of $p)/"*"or --on $p="* ]]
		[[ $stderr != *attached* ]]
	done
	run -0 "$sonde" load bare.o --only tp
	run -0 "$sonde" plan -v bare.o --only tp
}

type_of() {
	case $1 in
	raw) echo raw_tp ;;
	kp) echo kprobe ;;
	fe) echo fentry ;;
	up) echo uprobe ;;
	*) echo "$1" ;;
	esac
}

@test "one program that attaches is enough; programs of other programs' maps may do without" {
	run -0 "$sonde" run bare.o --only other --only raw --for 100ms
	[[ $output == *"1 program attached"* ]]
	run -0 "$sonde" run bare.o --only dev --for 100ms
}

@test "--on gives a tracepoint its target" {
	run -0 --separate-stderr "$sonde" run bare.o --only tp \
		--on tp=syscalls/sys_enter_nanosleep --for 300ms
	[[ $stderr == *"1 program attached"* ]]
	run -0 "$sonde" run bare.o --only raw --on raw=sys_enter --for 300ms --map .bss --every 1h
	[[ $output =~ calls\ =\ [1-9] ]]
	run -0 "$sonde" plan -v bare.o --only fe --on fe=vfs_read
	[[ $output == *attach_btf_id* && $output == *BPF_LINK_CREATE* ]]
}

@test "--on overrides the target of the section name" {
	run -0 "$sonde" plan -v bare.o --only other --on other=syscalls/sys_exit_getpgid
	[[ $output == *events/syscalls/sys_exit_getpgid/id* ]]
	[[ $output != *sys_enter_getsid/id* ]]
	run -1 --separate-stderr "$sonde" run bare.o --only other --on other=getpgid --for 1s
	[[ $stderr == *"'getpgid' is not CATEGORY/NAME"* ]]
}

@test "plan lists all programs, with the reason where a target is missing" {
	run -0 "$sonde" plan -v several.o
	output=$(tr -s ' \n' ' ' <<<"$output")
	[[ $output == *"program 'good' (tp/raw_syscalls/sys_enter): attach"* ]]
	[[ $output == *"program 'typed'"*"not attached: this kernel has no kernel function"* ]]
	[[ $output == *"program 'user'"*"not attached: "*/nowhere/at/all* ]]
	[[ $output == *"program 'symbol'"*"not attached: "*no_such_function* ]]
	[[ $output == *sys_enter_nothing/id* ]]
	run -1 --separate-stderr "$sonde" plan -v several.o --on user=/nowhere/else:main
	[[ $stderr == *"/nowhere/else"* ]]
}

@test "run tells how to leave out the program whose target is missing" {
	local p skip=()
	for p in typed user symbol point; do
		run -1 --separate-stderr "$sonde" run several.o "${skip[@]}" --for 100ms
		[[ $stderr == *"program '$p'"*"hint: "*"--skip $p leaves this program out"* ]]
		skip+=(--skip "$p")
	done
	run -0 --separate-stderr "$sonde" run several.o "${skip[@]}" --for 100ms
	[[ $stderr == *"1 program attached"* ]]
	run -1 --separate-stderr "$sonde" run several.o --only typed --for 100ms
	[[ $stderr != *--skip* ]]
}

@test "--skip names a program, and leaves one" {
	run -1 --separate-stderr "$sonde" run several.o --skip bad --for 100ms
	[[ $stderr == *"there is no program 'bad'"* ]]
	run -1 --separate-stderr "$sonde" run several.o --only good --skip good --for 100ms
	[[ $stderr == *"--skip leaves no program to load"* ]]
}

@test "--arg gives a called program its arguments; without, it is left out" {
	run -0 --separate-stderr "$sonde" run calls.o --map .bss --for 10ms
	[[ $stderr == *"program 'setup' is not run: it takes arguments (struct args): --arg setup=MEMBER=VALUE"* ]]
	[[ $stderr == *"1 program attached, 1 only loaded"* && $output == *"sum = 100"* ]]
	run -0 --separate-stderr "$sonde" run calls.o --map .bss --for 10ms --arg setup=pages=7,sign=-2
	[[ $stderr == *"2 programs attached"* && $output == *"sum = 105"* ]]
	run -0 "$sonde" plan -v calls.o
	[[ $output == *"program 'setup' (syscall) is loaded but not attached: it takes arguments"* ]]
	refused run calls.o --arg setup=size=7
	[[ $reason == *"program 'setup' (syscall): "*"has no member 'size'" && $hint == *"pages, sign"* ]]
	refused run calls.o --arg plain=pages=7
	[[ $reason == *"program 'plain' (syscall): --arg: there is no struct of arguments"* ]]
	refused run calls.o --only other --arg other=pages=7
	[[ $reason == *"program 'other'"*"--arg is for programs that are called"* ]]
	refused run calls.o --arg none=pages=7
	[[ $reason == *"there is no program 'none'"* ]]
}

@test "--type gives programs a type that their section names do not" {
	refused load foreign.o
	[[ $reason == *"unknown section name '2/1'" && $hint == *"--type PROG=SEC"* ]]
	run -0 "$sonde" load foreign.o --type classifier
	run -0 "$sonde" plan -v foreign.o --type tc --on lo
	output=$(tr -s ' \n' ' ' <<<"$output")
	[[ $output == *"program 'second' (tc) is loaded but not attached"* ]]
	[[ $output == *"program 'entry' (tc): attach"* && $output == *"map 'jumps': fill"* ]]
	run -0 "$sonde" plan -v foreign.o --type second=xdp --type tc
	[[ $output == *"program 'second' (xdp)"*"program 'entry' (tc)"* ]]
	run -0 "$sonde" plan -v several.o --only good --type tc
	[[ $output == *"program 'good' (tp/raw_syscalls/sys_enter)"* ]]
	refused load foreign.o --type entry=nothing --type second=tc
	[[ $reason == *"program 'entry' (nothing): unknown section name 'nothing'" ]]
	refused load foreign.o --type bad=tc
	[[ $reason == *"there is no program 'bad'"* ]]
	refused load foreign.o --type tc --type xdp
	[[ $reason == *"--type: two values for all programs"* ]]
}

@test "symbol names with slashes; functions that glibc has moved" {
	gcc -x c -o go.out - <<-'END'
		int get(void) __asm__("\"net/http.Get\"");
		int get(void) { return 0; }
		int main(void) { return get(); }
	END
	run -0 "$sonde" plan -v user.o --only go --on "go=$PWD/go.out"
	[[ $output == *uprobe_path* ]]
	run -0 "$sonde" plan -v user.o --only go --on "go=$PWD/go.out:net/http.Get"
	refused plan user.o --only go --on "go=$PWD/go.out:net/http.Gets"
	[[ $hint == *net/http.Get* ]]
	# A stub, as since glibc 2.34, whatever this machine has.
	gcc -shared -x c -o libpthread.so.0 - <<<'void unrelated(void) {}'
	refused plan user.o --only thread --on "thread=$PWD/libpthread.so.0"
	[[ $reason == *"there is no function 'pthread_create'" ]]
	[[ $hint == *"glibc 2.34"*libc* ]]
}

@test "iterators over one object" {
	run -0 "$sonde" plan -v walk.o --only elements --on elements=numbers
	[[ $output == *link_create.iter_info* ]]
	run -0 "$sonde" plan -v walk.o --only tasks --on tasks=1
	[[ $output == *link_create.iter_info* ]]
	run -0 "$sonde" plan -v walk.o --only tasks
	[[ $output != *link_create.iter_info* ]]
	refused plan walk.o --only tasks --on tasks=1:2
	[[ $reason == *"'1:2' is not a process id" ]]
	refused plan walk.o --only elements --on elements=none
	[[ $reason == *"'none' is not a map of the object, an id or a pin" ]]
	refused plan walk.o --only maps --on maps=1
	[[ $reason == *"the iterator 'bpf_map' has no target" ]]
}

@test "a struct_ops is taken as a whole, or not at all, and after programs" {
	local attach
	run -0 "$sonde" plan -v ops.o
	attach=$(grep -oE "^[0-9]+\. .*(probe|struct_ops 'ours').*: attach" <<<"$output" | grep -oE 'probe|ours')
	[[ $(tail -n 1 <<<"$attach") = ours && $attach = *probe* ]]
	run -0 "$sonde" plan -v ops.o --only a
	[[ $output == *"program 'b' (struct_ops/b): load"* && $output == *"struct_ops 'ours': attach"* ]]
	for option in '--only probe' '--skip b'; do
		# shellcheck disable=SC2086 # two words
		run -0 "$sonde" plan -v ops.o $option
		[[ $output != *struct_ops* && $output == *"'probe'"* ]]
	done
}

@test "one program on several targets" {
	compile two.o <<-'END'
		SEC("xdp") int gate(struct xdp_md *ctx) { return XDP_PASS; }
		SEC("?uprobe") int enter(struct pt_regs *ctx) { return 0; }
		SEC("?fentry") int traced(void *ctx) { return 0; }
	END
	run -0 "$sonde" plan -v two.o --on lo --on gate=eth0 --on gate=eth1
	[[ $(grep -c 'bpf(BPF_LINK_CREATE' <<<"$output") = 2 ]]
	[[ $output == *'index of interface "eth0"'*'index of interface "eth1"'* ]]
	run -0 "$sonde" plan -v two.o --on eth0 --on eth1 --on eth2
	[[ $(grep -c 'bpf(BPF_LINK_CREATE' <<<"$output") = 3 ]]
	refused plan two.o --on gate=lo --on gate=lo
	[[ $reason == *"--on: 'gate=lo' is given twice" ]]
	if [[ -e /sys/kernel/btf/vmlinux ]]; then
		refused plan two.o --only traced --on traced=vfs_read --on traced=vfs_write
		[[ $reason == *": attach: it is loaded for one target" && $hint == *"leave one --on out" ]]
	fi
	compile_nothing
	needs_bpf
	"$sonde" run two.o --only enter --on enter=/bin/bash:main --on enter=/bin/bash:nosuch --for 1ms 2>err ||
		grep -q "there is no function 'nosuch'" err
	run --separate-stderr -0 "$sonde" run -v two.o --only enter --on enter=/bin/bash:main \
		--on enter="$BATS_FILE_TMPDIR/act:main" --for 1ms
	[[ $(grep -c 'bpf(BPF_LINK_CREATE.* = [0-9]' <<<"$stderr") = 2 ]]
}

#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde load: loads without attaching. Pinning is tested in virtual machines (vm/format.bats); here only
# without a bpf file system.

load lib

setup_file() {
	prepare
	compile_nothing
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "nothing is attached and nothing remains" {
	needs_bpf
	compile quiet.o <<-'END'
		__u64 hits;
		SEC("tp/syscalls/sys_enter_getpgid") int load_quiet(void *ctx) { return hits++; }
	END
	run --separate-stderr -0 "$sonde" load quiet.o
	[[ ! $output ]]
	[[ $stderr == "quiet: 1 program and 1 map loaded; unloaded again (--pin DIR keeps them)" ]]
	run --separate-stderr -0 "$sonde" load -v quiet.o
	[[ $stderr == *BPF_PROG_LOAD*load_quiet* ]]
	[[ $stderr != *LINK_CREATE* && $stderr != *perf_event_open* ]]
	gone load_quiet
}

@test "a saved plan is loaded like an object: nothing is attached" {
	needs_bpf
	compile quiet.o <<-'END'
		SEC("tp/syscalls/sys_enter_getpgid") int load_quiet(void *ctx) { return 0; }
		struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __type(key, __u32);
			 __array(values, int(void *)); } next SEC(".maps") = {.values = {[1] = &load_quiet}};
	END
	"$sonde" plan -o quiet.plan quiet.o
	run --separate-stderr -0 "$sonde" load -v quiet.plan
	[[ $stderr == *BPF_PROG_LOAD*load_quiet*BPF_MAP_UPDATE_ELEM* ]]
	[[ $stderr != *LINK_CREATE* && $stderr != *perf_event_open* ]]
	"$sonde" plan -o saved.plan "$BATS_FILE_TMPDIR/nothing.o"
	run --separate-stderr "$sonde" load saved.plan
	echo "$status $output $stderr"
	[ "$status" = 0 ]
	[[ ! $output ]]
}

@test "rejection by the verifier is an error" {
	needs_bpf
	compile wild.o <<-'END'
		SEC("tp/syscalls/sys_enter_getpgid") int wild(void *ctx)
		{
			return *(volatile int *)bpf_ktime_get_ns();
		}
	END
	run --separate-stderr -1 "$sonde" load wild.o
	echo "$stderr"
	[[ ! $output ]]
	[[ $(grep '^sonde: ' <<<"$stderr") == "sonde: wild.o: program 'wild'"*"rejected by the verifier"* ]]
}

@test "--only loads the named program, also one with autoload off" {
	needs_bpf
	compile two.o <<-'END'
		SEC("tp/syscalls/sys_enter_getpgid") int good(void *ctx) { return 0; }
		SEC("?tp/syscalls/sys_enter_getpgid") int wild(void *ctx)
		{
			return *(volatile int *)bpf_ktime_get_ns();
		}
	END
	run -0 "$sonde" load two.o
	run -0 "$sonde" load two.o --only good
	run -1 "$sonde" load two.o --only wild
	refused load two.o --only nobody
	[[ $reason == *nobody* ]]
	[[ $hint == *good* ]]
}

@test "data with addresses" {
	needs_bpf
	compile addresses.o <<-'END'
		static const char *const names[] = {"zero", "one"};
		int pick;
		SEC("tp/syscalls/sys_enter_getpgid") int use(void *ctx)
		{
			return *(const char *const volatile *)&names[pick & 1] != 0;
		}
	END
	run --separate-stderr -0 "$sonde" load addresses.o
	[[ $stderr == *"note: map '.rodata': variable 'names' holds addresses, which stay 0"* ]]
}

@test "the verifier sees values of --set" {
	needs_bpf
	compile dead.o <<-'END'
		const volatile bool alive;
		SEC("tp/syscalls/sys_enter_getpgid") int dead(void *ctx)
		{
			return alive ? *(volatile int *)bpf_ktime_get_ns() : 0;
		}
	END
	run -0 "$sonde" load dead.o
	run -1 "$sonde" load dead.o --set alive=true
	refused load dead.o --set nobody=1
	[[ $reason == *nobody* && $hint == *alive* ]]
}

@test "a missing attach target only matters when attaching" {
	needs_bpf
	compile gate.o <<-'END'
		SEC("xdp") int gate(struct xdp_md *ctx) { return XDP_PASS; }
	END
	run -0 "$sonde" load gate.o
	refused run gate.o --for 1s
}

@test "pinning requires a bpf file system and otherwise leaves nothing behind" {
	needs_bpf
	refused load "$BATS_FILE_TMPDIR/nothing.o" --pin "$PWD/here"
	[[ $hint == *"/sys/fs/bpf"* ]]
	[[ ! -e here ]]
	mkdir -p here/prog
	refused load "$BATS_FILE_TMPDIR/nothing.o" --pin "$PWD/here"
	[[ $(find here) == $'here\nhere/prog' ]]
	gone nothing
}

@test "pins: names with dots, and a directory in the way" {
	needs_bpf
	unshare -m true || skip "mount namespaces cannot be created here"
	compile pinned.o <<-'END'
		struct {
			__uint(type, BPF_MAP_TYPE_ARRAY);
			__uint(max_entries, 1);
			__type(key, int);
			__type(value, int);
			__uint(pinning, LIBBPF_PIN_BY_NAME);
		} bad_pinned SEC(".maps");
		SEC("tp/syscalls/sys_enter_getpgid") int bad_prog(void *ctx)
		{
			int k = 0;
			return bpf_map_lookup_elem(&bad_pinned, &k) != 0;
		}
	END
	in_bpffs() {
		run --separate-stderr -1 unshare -m sh -c 'mount -t bpf none /sys/fs/bpf && "$@"' sh "$@"
		echo "$stderr"
	}
	for dir in a.b a.b/c; do
		in_bpffs "$sonde" load "$BATS_FILE_TMPDIR/nothing.o" --pin "/sys/fs/bpf/$dir"
		[[ $stderr == *$'\n'"hint: names in a bpf file system have no dots"* ]]
	done
	in_bpffs sh -c 'mkdir /sys/fs/bpf/bad_pinned && "$@"' sh "$sonde" load pinned.o
	[[ $stderr == *$'\n'"hint: /sys/fs/bpf/bad_pinned is a directory: remove it"* ]]
}

@test "usage" {
	run --separate-stderr -2 "$sonde" load
	[[ $stderr == *"no file given"* ]]
	run --separate-stderr -2 "$sonde" load a.o b.o
	[[ $stderr == *"more than one file given"* ]]
	run --separate-stderr -2 "$sonde" load --set x a.o
	[[ $stderr == *"--set expects VAR=VALUE, got 'x'"* ]]
	run -0 "$sonde" load --help
	[[ $output == "usage: sonde load "* ]]
	(($(widest <<<"$output") <= 80))
	refused load missing.o
	[[ $reason == *"missing.o: "*ENOENT* ]]
}

@test "inspect: a struct_ops and its members" {
	compile ops.o <<-'END'
		struct some_ops {
			int (*start)(void);
			int number;
		};
		SEC("struct_ops/start") int go(void *ctx) { return 1; }
		SEC("struct_ops/stop") int stray(void *ctx) { return 1; }
		SEC(".struct_ops") struct some_ops some = {.start = (void *)go, .number = 3};
	END
	run -0 "$sonde" inspect ops.o
	grep -E '^ *go +struct_ops/start .* member of some$' <<<"$output"
	grep -E '^ *stray +struct_ops/stop .* loaded only$' <<<"$output"
	grep -E '^ *some +struct_ops +struct some_ops \(16\) +1$' <<<"$output"
}

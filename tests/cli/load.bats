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

@test "--replace, --mode, --owner and list in a bpf file system of its own" {
	needs_bpf
	unshare -m true || skip "mount namespaces cannot be created here"
	# within COMMAND…: in a mount namespace with an empty bpf file system; $one and $two are versions.
	cat >within <<-'END'
		set -e
		mount -t bpf none /sys/fs/bpf
		dir=/sys/fs/bpf/kept
		first() { "$sonde" load one.o --pin $dir "$@" 2>err; }
		second() { "$sonde" load "$@" --pin $dir --replace 2>err; }
		first --mode 0640 --owner 1:2
		! first
		grep -q '^hint: .*--replace upgrades' err
		"$sonde" map update $dir/map/numbers 1 41
		second two.o
		grep -q ': maps that keep their contents: numbers$' err
		"$sonde" map get $dir/map/numbers 1 | grep -q 41
		[ "$(stat -c '%a %u %g' $dir $dir/prog/kept_prog)" = "750 1 2
		640 1 2" ]
		! second wide.o
		grep -qx '  value_size   4       8       yes' err
		grep -q "map 'numbers': .*its value_size is 8, that of the pinned map 4" err
		grep -q '^hint: --empty numbers' err
		"$sonde" map get $dir/map/numbers 1 | grep -q 41
		second wide.o --empty numbers
		"$sonde" map get $dir/map/numbers 1 | grep -q 0
		mkdir $dir/mine
		! second two.o
		grep -q 'other entries' err
		rmdir $dir/mine
		[ "$(ls -d /sys/fs/bpf/kept*)" = $dir ]
		# Left by one that was killed.
		mkdir $dir~new $dir~new/map
		"$sonde" list >out
		grep -q '^/sys/fs/bpf/kept: wide, by root (sonde) since ' out
		grep -Eq '^  map/numbers  +map +[0-9]+ +numbers$' out
		grep -Eq '^  kept~new/map +folder +root +20' out
		"$sonde" unload $dir 2>err
		grep -q 'a killed sonde load had left' err
		! ls -d /sys/fs/bpf/kept*
	END
	local source='
		struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4);
			__type(key, int); __type(value, NUMBER); } numbers SEC(".maps");
		SEC("tp/syscalls/sys_enter_getpgid") int kept_prog(void *ctx)
		{
			int k = 0;
			return bpf_map_lookup_elem(&numbers, &k) != 0;
		}'
	compile one.o <<<"${source/NUMBER/int}"
	cp one.o two.o
	compile wide.o <<<"${source/NUMBER/long}"
	sonde=$sonde run -0 unshare -m bash within
}

@test "usage" {
	run --separate-stderr -2 "$sonde" load
	[[ $stderr == *"no file given"* ]]
	run --separate-stderr -2 "$sonde" load a.o b.o
	[[ $stderr == *"more than one file given"* ]]
	while IFS='|' read -r options message; do
		# shellcheck disable=SC2086
		run --separate-stderr -2 "$sonde" load $options a.o
		echo "$options: $stderr"
		[[ $stderr == *"$message"* ]]
	done <<-'END'
		--replace|--replace requires --pin DIR
		--mode 0640|--mode requires --pin DIR
		--owner 0|--owner requires --pin DIR
		--pin x --empty m|--empty has no effect without --replace
		--pin x --mode 0755|--mode expects permissions to read and write, such as 0640, got '0755'
		--pin x --mode rw|got 'rw'
		--pin x --owner no_such_user|there is no user 'no_such_user' in /etc/passwd
		--pin x --owner root:no_such|there is no group 'no_such' in /etc/group
		--pin x --owner :|expected USER, USER:GROUP or :GROUP, got ':'
	END
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

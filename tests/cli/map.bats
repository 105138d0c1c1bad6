#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde map: maps in the kernel, by id, pin and name. Each test pins its maps in its own directory and
# removes them.
#
# shellcheck disable=SC2154

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing
	compile kept.o <<-'END'
		struct who { __u32 uid; __u16 port; char name[6]; };
		struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4);
			__type(key, struct who); __type(value, __u64); } kept_structs SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2);
			__uint(key_size, 4); __uint(value_size, 3); } kept_bytes SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2);
			__uint(key_size, 4); __uint(value_size, 12); } kept_plain SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_QUEUE); __uint(max_entries, 2);
			__uint(value_size, 4); } kept_queue SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __uint(max_entries, 4);
			__type(key, __u32); __type(value, __u64); } kept_cpus SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2);
			__type(key, __u32); __type(value, __u32); } kept_array SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4);
			__type(key, int); __type(value, __s64); } kept_signs SEC(".maps");
		int kept_limit = 5, kept_other = 6;
		const volatile int kept_const = 7;
		SEC("tp/syscalls/sys_enter_getpgid") int kept(void *ctx)
		{
			kept_limit++;
			return kept_other + kept_const;
		}
	END
	compile typed.o <<-'END'
		struct who { __u32 uid; __u16 port; char name[6]; };
		struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2);
			__type(key, __s32); __type(value, struct who); } kept_plain SEC(".maps");
	END
	echo 'struct whom { u32 first; u64 second __attribute__((packed)); }; struct large { u64 a[2]; };' >whom.h
}

setup() {
	needs_bpf
	pins=/sys/fs/bpf/map_bats_${$}_$BATS_TEST_NUMBER
	"$sonde" load "$BATS_FILE_TMPDIR/kept.o" --pin "$pins"
	maps=$pins/map
}

teardown() {
	[[ ! ${pins-} ]] || rm -rf "$pins"
}

map() {
	run --separate-stderr "$sonde" map "$@"
}

# fails TEXT WORD…: fails with one line that contains TEXT, and nothing on stdout.
fails() {
	local text=$1
	shift
	map "$@"
	[[ $status == 1 && ! $output && ${stderr_lines[0]} == "sonde: "*"$text"* ]]
}

@test "list shows every map with its types, as JSON one object per map" {
	map
	[[ $status == 0 ]]
	grep -E '^ +[0-9]+ +hash +kept_structs +struct who \(12\) +__u64 \(8\) +4$' <<<"$output"
	grep -E '^ +[0-9]+ +queue +kept_queue +0 +4 +2$' <<<"$output"
	[[ $(widest <<<"$output") -le 80 ]]
	map list --json
	is_json <<<"$output"
	grep -E '"type":"percpu_hash","name":"kept_cpus"' <<<"$output"
}

@test "written values are read back by pin, name and id" {
	map set "$maps/kept_structs" uid=1000,port=22,name=root 5
	[[ $status == 0 && ! $output$stderr ]]
	map set "$maps/kept_structs" uid=7 0x10
	map dump "$maps/kept_structs" --json
	grep -F '{"map":"kept_structs","key":{"uid":1000,"port":22,"name":"root"},"value":5}' <<<"$output"
	grep -F '{"map":"kept_structs","key":{"uid":7,"port":0,"name":""},"value":16}' <<<"$output"
	map get "$maps/kept_structs" uid=7 --json
	[[ $output == '{"map":"kept_structs","key":{"uid":7,"port":0,"name":""},"value":16}' ]]
	map delete "$maps/kept_structs" uid=7
	[[ $status == 0 ]]
	map dump "$maps/kept_structs" --json
	[[ ${#lines[@]} == 1 ]]
	id=$("$sonde" map list --json | sed -n 's/.*"id":"*\([0-9]*\)"*,"type":"hash","name":"kept_structs".*/\1/p' | tail -1)
	[[ $id ]]
	map get "$id" uid=1000,port=22,name=root
	[[ $output == *$'\n'*5* ]]
}

@test "maps without BTF: numbers and hexadecimal bytes" {
	map set "$maps/kept_bytes" 17 0a0b0c
	map dump "$maps/kept_bytes" --json
	[[ $output == '{"map":"kept_bytes","key":17,"value":"0a 0b 0c"}' ]]
	fails "write its 3 bytes in hexadecimal" set "$maps/kept_bytes" 17 12
	fails "is not a number of 4 bytes" set "$maps/kept_bytes" 0x100000000 000000
}

@test "types for a map that has none: of its object, of a header, of the kernel" {
	cd "$BATS_FILE_TMPDIR"
	plain=$maps/kept_plain
	map set "$plain" -2 uid=5,port=6,name=me --debug typed.o
	[[ $status == 0 && ! $output$stderr ]]
	map dump "$plain" --debug typed.o --json
	[[ $output == '{"map":"kept_plain","key":-2,"value":{"uid":5,"port":6,"name":"me"}}' ]]
	map get --json --types whom.h --event kept_plain=whom "$plain" 0xfffffffe
	[[ $output == '{"map":"kept_plain","key":4294967294,"value":{"first":5,"second":'*'}}' ]]
	map get --json --types whom.h --debug typed.o --event "$plain=struct whom" "$plain" -2
	[[ $output == '{"map":"kept_plain","key":-2,"value":{"first":5,"second":'*'}}' ]]
	# The type that the kernel has is overruled.
	map set "$maps/kept_structs" uid=1 7
	map dump "$maps/kept_structs" --debug typed.o
	[[ $status == 1 && $stderr == "sonde: --debug typed.o: it has no map 'kept_structs' of this type and size" ]]
	map dump "$maps/kept_structs" --event kept_structs=sigset_t --json
	[[ $output == '{"map":"kept_structs","key":{"uid":1,"port":0,"name":""},"value":{"sig":[7]}}' ]]
	map dump "$plain" --debug kept.o
	[[ $stderr == "sonde: --debug kept.o: it does not tell the types of map 'kept_plain'"* ]]
	map get "$maps/kept_structs" uid=1 --debug kept.o
	[[ $status == 0 && $stderr == "note: --debug was not used: the types of the map are known without it" ]]
	fails "map 'kept_plain' has values of 12 bytes, and struct large has 16" \
		dump "$plain" --types whom.h --event kept_plain=large
	fails "map 'kept_plain': there is no type 'nope'" dump "$plain" --types whom.h --event kept_plain=nope
	fails "--event other=...: the map is 'kept_plain'" dump "$plain" --types whom.h --event other=whom
	fails "--event expects MAP=STRUCT, got 'x'" dump "$plain" --event x
}

@test "queues are pushed and popped" {
	map push "$maps/kept_queue" 3
	map push "$maps/kept_queue" 4
	fails "E2BIG" push "$maps/kept_queue" 5
	map pop "$maps/kept_queue" --json
	[[ $output == *'"value":3'* ]]
	map pop "$maps/kept_queue" --json
	[[ $output == *'"value":4'* ]]
	fails "is empty" pop "$maps/kept_queue"
	fails "is not a queue or stack" pop "$maps/kept_structs"
}

@test "a per-CPU value is written to every CPU, or to one" {
	map set "$maps/kept_cpus" 1 3
	map get "$maps/kept_cpus" 1 --json
	[[ $output =~ \"cpus\":\[3(,3)*\] ]]
	map set "$maps/kept_cpus" 1 4 --cpu 0
	map get "$maps/kept_cpus" 1 --json
	[[ $output =~ \"cpus\":\[4(,3)*\] ]]
	fails "there is no CPU 99999 (0 to " set -c 99999 "$maps/kept_cpus" 1 4
	fails "has one value for all CPUs" set "$maps/kept_array" 0 1 --cpu 0
}

@test "negative numbers are values; after -- everything is" {
	for words in "-2 -5" "-- -2 -5" "-3 -- -5"; do
		# shellcheck disable=SC2086
		map set "$maps/kept_signs" $words
		[[ $status == 0 && ! $output$stderr ]]
	done
	map dump "$maps/kept_signs" --json
	[[ ${lines[0]} == '{"map":"kept_signs","key":-3,"value":-5}' ]]
	[[ ${lines[1]} == '{"map":"kept_signs","key":-2,"value":-5}' ]]
	map delete -- "$maps/kept_signs" -2
	map get "$maps/kept_signs" -3 --json
	[[ $output == '{"map":"kept_signs","key":-3,"value":-5}' ]]
	fails "has no entry with key -2" get "$maps/kept_signs" -2
	map set "$maps/_data" kept_limit=-7
	map dump "$maps/_data"
	[[ $output == *"kept_limit = -7"* ]]
}

@test "writing a variable keeps the others" {
	map set "$maps/_data" kept_limit=40
	[[ $status == 0 ]]
	map dump "$maps/_data"
	[[ $output == *"kept_limit = 40"* && $output == *"kept_other = 6"* ]]
	map set "$maps/_data" kept_limit 41
	map dump "$maps/_data"
	[[ $output == *"kept_limit = 41"* && $output == *"kept_other = 6"* ]]
	map set "$maps/_data" kept_limit=42 kept_other=7
	map dump "$maps/_data"
	[[ $output == *"kept_limit = 42"* && $output == *"kept_other = 7"* ]]
	map set "$maps/_data" kept_other=6
	fails "the key: 'kept_limit' is not a number" get "$maps/_data" kept_limit
	[[ $stderr == *"hint: it has one entry, with variables: "*"NAME=VALUE"* ]]
	fails "there is no variable 'kept_nope'" set "$maps/_data" kept_nope=1
	[[ $stderr == *"its variables are: kept_limit, kept_other"* ||
		$stderr == *"its variables are: kept_other, kept_limit"* ]]
	fails "expects a number, got 'x'" set "$maps/_data" kept_limit=x
	# Variables that the verifier treated as constants are frozen.
	fails "EPERM" set "$maps/_rodata" kept_const=8
	[[ $stderr == *"frozen"* ]]
	map dump "$maps/_rodata"
	[[ $output == *"kept_const = 7"* ]]
}

@test "unknown maps and keys, impossible values" {
	fails "there is no map 'kept_nothing' in the kernel" dump kept_nothing
	fails "there is no map with the id 4294967295" dump 4294967295
	fails "there is no pin $maps/nothing" dump "$maps/nothing"
	fails "has no entry with key 9" get "$maps/kept_cpus" 9
	fails "has no entry with key 9" delete "$maps/kept_cpus" 9
	fails "a key and a value are required" set "$maps/kept_cpus" 9
	fails "EINVAL" delete "$maps/kept_array" 1
	[[ $stderr == *"can be set, not deleted"* ]]
	fails "struct who has no member 'nope'" set "$maps/kept_structs" nope=1 1
	[[ $stderr == *"its members are: uid, port, name"* ]]
	fails "E2BIG" set "$maps/kept_array" 2 1
}

@test "wrong usage: status 2, nothing on stdout" {
	for words in "frob" "dump" "get $maps/kept_cpus" "delete x" "dump x y" "set x 1 2 3" \
		"set x 1 2 --cpu y" "set x 1 2 --cpu -1" "get x 1 --cpu 0" "set -x 1 2" "list -v" \
		"set x 1 2 --json" "delete x 1 -v" "list --debug y" "dump x --types y" "push x 1 -j"; do
		# shellcheck disable=SC2086
		run --separate-stderr -2 "$sonde" map $words
		[[ ! $output && ${#stderr_lines[@]} == 2 ]]
	done
}

@test "bpftool's words: lookup, update, getnext, peek, pin, freeze, create, show" {
	signs=$maps/kept_signs new=$pins/new
	map update pinned "$signs" key 3 value 9
	[[ $status == 0 && ! $output$stderr ]]
	map lookup pinned "$signs" key 3 --json
	[[ $output == '{"map":"kept_signs","key":3,"value":9}' ]]
	map getnext "$signs" --json
	[[ $output == '{"map":"kept_signs","key":3,"value":9}' ]]
	fails "has no entry after key 3" getnext "$signs" key 3
	fails "map 'kept_structs' is empty" getnext "$maps/kept_structs"
	map enqueue "$maps/kept_queue" value 5
	for action in peek peek dequeue; do
		map "$action" "$maps/kept_queue" --json
		[[ $output == *'"value":5'* ]]
	done
	fails "is empty" peek "$maps/kept_queue"
	map create "$new" type hash key 4 value 8 entries 3 name made flags 1
	[[ $status == 0 && ! $output$stderr ]]
	map show "$new" --json
	schema=$root/docs/json.schema
	python3 "$root/tests/cli/json_lines.py" "$schema" map <<<"$output"
	[[ $output == *'"name":"made","type":"hash","flags":1,"bytes_key":4,"bytes_value":8,"max_entries":3,'* ]]
	id=$(jq .id <<<"$output")
	map show id "$id"
	[[ ${lines[0]} == "map $id: made" && $output == *"BPF_F_NO_PREALLOC"* ]]
	map pin name made "${new}_too"
	[[ $status == 0 ]]
	map freeze pinned "${new}_too"
	fails "EPERM" set "$new" 1 2
	[[ $(map show "$new"; echo "$output") == *"frozen "*1* ]]
	fails "freeze map 'made': E" freeze "$new"
	fails "create: there is no map type 'hsh'" create "${new}_3" type hsh key 4
	fails "create: entries expects a number, got 'x'" create "${new}_3" type hash entries x
	fails "create: unknown word 'size'" create "${new}_3" size 4
	fails "create the map: EINVAL" create "${new}_3" type hash key 4 value 4
	fails "maps have no tag" show tag 0123456789abcdef
}

@test "a pin that is not of a map" {
	fails "is not the pin of a map, but of a program" dump "${maps%/map}"/prog/*
}

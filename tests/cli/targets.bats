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
	run -0 "$sonde" plan bare.o --only tp
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
	run -0 "$sonde" plan bare.o --only fe --on fe=vfs_read
	[[ $output == *attach_btf_id* && $output == *BPF_LINK_CREATE* ]]
}

@test "--on overrides the target of the section name" {
	run -0 "$sonde" plan bare.o --only other --on other=syscalls/sys_exit_getpgid
	[[ $output == *events/syscalls/sys_exit_getpgid/id* ]]
	[[ $output != *sys_enter_getsid/id* ]]
	run -1 --separate-stderr "$sonde" run bare.o --only other --on other=getpgid --for 1s
	[[ $stderr == *"'getpgid' is not CATEGORY/NAME"* ]]
}

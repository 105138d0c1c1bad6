#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# BPF tokens: nothing can be loaded in a user namespace unless an administrator delegates it (as
# guest/token.c does).

bats_require_minimum_version 1.8.0
load machine

# machine TARGET: runs sonde there without a token, with one, and with a directory that grants none.
machine() {
	prepare "$1"
	program tests/vm/guest/token.c
	locked build/progs/opensnoop.bpf.o
	cp build/progs/opensnoop.bpf.o "$tmp"
	run tests/vm/run "$1" - "$tmp/sonde:/bin/sonde" "$tmp/token:/bin/token" "$tmp/opensnoop.bpf.o" <<-'END'
		mkdir -p /mnt/bpf
		mount -t bpf bpf /sys/fs/bpf
		try() { token /mnt/bpf sonde load "$@" opensnoop.bpf.o; echo "status $?"; }
		try
		try --token /mnt/bpf
		try --token /tmp
		sonde load --token /sys/fs/bpf opensnoop.bpf.o
		echo "status $?"
	END
	echo "$output"
	[[ $status == 0 ]]
}

delegated() {
	machine "$1"
	[[ ${lines[0]} == *"BPF_MAP_CREATE: EPERM"* && ${lines[2]} == "status 1" ]]
	[[ ${lines[3]} == "opensnoop: 2 programs and 4 maps loaded"* && ${lines[4]} == "status 0" ]]
	[[ ${lines[5]} == *"token of /tmp: create: BPF_TOKEN_CREATE: EINVAL"* && ${lines[7]} == "status 1" ]]
	[[ ${lines[8]} == *"EOPNOTSUPP"* && ${lines[9]} == *"capabilities are used instead"* ]]
	[[ ${lines[10]} == "status 1" ]]
}

@test "x86-64, Linux 6.12" { delegated x86-6.12; }
@test "x86-64, the newest Linux" { delegated x86-new; }

@test "x86-64, Linux 6.1 has no tokens, and the error says so" {
	machine x86-6.1
	[[ $output == *"token of /sys/fs/bpf: create: BPF_TOKEN_CREATE: EINVAL"*"older than 6.9"*"status 1" ]]
}

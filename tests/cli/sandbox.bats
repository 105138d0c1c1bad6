#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Least rights while a run is shown (docs/security.md). tests/vm/rights.bats has the capabilities of each
# hook and denied calls.
#
# shellcheck disable=SC2154

load lib

setup_file() {
	prepare
	compile_nothing
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	needs_bpf
}

# status_while ARGUMENT…: the status of sonde run as /proc shows it once everything is attached.
status_while() {
	mkfifo ready
	"$sonde" run "$@" --ready-fd 9 9>ready >/dev/null 2>errors 3>&- &
	pid=$!
	timeout 60 head -n 1 ready
	rm ready
	cat "/proc/$pid/status"
	kill -INT "$pid"
	wait "$pid"
}

@test "no capability, no new privileges, a filter" {
	run -0 status_while "$progs/opensnoop.bpf.o"
	for field in CapInh CapAmb; do
		grep -q "^$field:.0*$" <<<"$output"
	done
	# CAP_BPF where all bpf(2) calls take it (before 5.19).
	grep -qE '^CapPrm:.0{6}(00|80)0{8}$' <<<"$output"
	grep -q '^NoNewPrivs:.1$' <<<"$output"
	grep -q '^Seccomp:.2$' <<<"$output"
	run ! grep sandbox errors
}

@test "all rights with --no-sandbox" {
	run -0 status_while "$progs/opensnoop.bpf.o" --no-sandbox -v
	[ "$(grep ^Seccomp: <<<"$output")" = "$(grep ^Seccomp: /proc/self/status)" ]
	[ "$(grep ^CapPrm <<<"$output")" = "$(grep ^CapPrm /proc/self/status)" ]
	[ "$(grep ^NoNewPrivs <<<"$output")" = "$(grep ^NoNewPrivs /proc/self/status)" ]
	run ! grep ^sandbox: errors
}

@test "the option -v tells what is kept and why" {
	run -0 --separate-stderr "$sonde" run "$progs/cpuprof.bpf.o" --for 200ms -v
	[[ $stderr == *"sandbox: keeps CAP_PERFMON to open perf events on CPUs that come online"* ||
		$stderr == *"sandbox: keeps CAP_SYS_ADMIN to open perf events"* ]]
	[[ $stderr == *"sandbox: keeps CAP_SYSLOG to read the addresses of kernel functions"* ]]
	[[ $stderr == *"sandbox: keeps CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE"*"to read the mappings"* ]]
	[[ $stderr == *"sandbox: a seccomp filter denies all system calls but those for this"* ]]
}

# strace makes the kernel deny each part.
@test "a kernel that denies the sandbox" {
	run -0 --separate-stderr strace -o /dev/null -e inject=seccomp,prctl:error=EINVAL \
		"$sonde" run "$progs/hello.bpf.o" --for 200ms -v
	[[ $stderr == *"sandbox: no_new_privs: "* ]]
	[[ $stderr == *"sandbox: no seccomp filter: not supported by this kernel"* ]]
	run -0 --separate-stderr strace -o /dev/null -e inject=capset:error=EPERM \
		"$sonde" run "$progs/hello.bpf.o" --for 200ms -v
	[[ $stderr == *"sandbox: capabilities are kept: "* ]]
	run -0 --separate-stderr strace -o /dev/null -e inject=seccomp,prctl:error=EINVAL \
		"$sonde" run "$progs/hello.bpf.o" --for 200ms
	[[ $stderr != *sandbox* ]]
}

@test "sonde trace" {
	run -0 strace -o calls "$sonde" trace --for 200ms
	grep -q '^seccomp(SECCOMP_SET_MODE_FILTER.* = 0$' calls
	run -0 strace -o calls "$sonde" trace --for 200ms --no-sandbox
	run ! grep -q '^seccomp' calls
}

# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2034,SC2154
#
# Programs that the verifier rejects: sonde prints the verifier's message, the source line and a hint,
# and loads the corrected program of the same file.

# told NAME REGEX HINT: the error of the last run contains the verifier's message and the source line,
# and its hint explains the message and the fix.
told() {
	grep -qE "^sonde: .* program 'wrong' .*: load: rejected by the verifier \(E[A-Z0-9]+\): .*$2.*, (at|in): .* @ $1\.bpf\.c:[0-9]+$" /tmp/err
	grep -qiE "^hint: .*$3" /tmp/err
	grep -qE '^hint: .+\. [A-Z]' /tmp/err
}

# refuses ARGUMENT…: sonde's exit status is 1.
refuses() {
	status=0
	"$@" >/tmp/out 2>/tmp/err || status=$?
	[ $status = 1 ]
}

# verifier NAME WORDS HINT [ON]
verifier() {
	refuses /sonde run "/progs/$1.bpf.o" --for 10ms --only wrong --on "wrong=${4-}"
	told "$1" "$2" "$3"
	/sonde run "/progs/$1.bpf.o" --for 10ms --only right --on "right=${4-}" 2>/tmp/err
}

# limited NAME MASK WORDS HINT ON: the same as a user with these capabilities.
limited() {
	refuses /act as 1000 "$2" /sonde run "/progs/$1.bpf.o" --for 10ms --only wrong --on "wrong=$5"
	told "$1" "$3" "$4"
	/sonde run "/progs/$1.bpf.o" --for 10ms --only right --on "right=$5" 2>/tmp/err
}

# unprivileged NAME WORDS HINT: the same as a user without capabilities.
unprivileged() {
	grep -q /tmp/group /proc/mounts || {
		mkdir -p /tmp/group
		mount -t cgroup2 none /tmp/group
		echo 0 >/proc/sys/kernel/unprivileged_bpf_disabled
	}
	limited "$1" 0 "$2" "$3" /tmp/group:egress
}

# CAP_BPF, CAP_NET_ADMIN, and CAP_SYS_RESOURCE to raise RLIMIT_MEMLOCK on 5.10.
bpf=$((1 << 39 | 1 << 12 | 1 << 24))

row v01_null verifier v01_null "invalid mem access 'map_value_or_null'" 'test the pointer'
row v02_packet verifier v02_packet 'invalid access to packet, off=23 size=1' 'data_end' v0
row v03_size verifier v03_size 'The sequence of 8193 jumps is too complex' 'bpf_loop'
row v04_backedge unprivileged v04_backedge 'back-edge from insn' 'bound'
row v05_unset verifier v05_unset 'R0 !read_ok' 'without a value'
row v06_stack verifier v06_stack 'combined stack size of 2 calls is 6[0-9]*. Too large' 'per-CPU map' v0
row v07_lock verifier v07_lock 'function calls are not allowed while holding a lock' 'lock' v0
row v08_helper verifier v08_helper 'type=map_value_or_null expected=' 'test the pointer'
row v09_endless verifier v09_endless 'infinite loop detected' 'counter with a bound'
row v10_leak limited v10_leak "$bpf" 'R0 leaks addr as return value' 'return or store a number' v0
row v11_padding unprivileged v11_padding 'invalid (indirect )?read from stack' 'initialise'
row v12_bounds verifier v12_bounds 'R1 unbounded memory access' 'bound'
row v13_outside verifier v13_outside 'invalid access to map value, value_size=64 off=64 size=4' 'bound'

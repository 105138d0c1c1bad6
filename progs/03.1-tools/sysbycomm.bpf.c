/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sysbycomm: how many system calls each program makes. After the course's lesson 21.1.2, where
 * bpftrace does it in one line: @[comm] = count().
 *
 * Learned here: a hash per CPU. Nobody else writes to this CPU's value, so counting needs no atomic
 * operation; the sum is made when somebody looks (-v shows each CPU).
 *
 * A key is all of its bytes: some kernels (6.1) end the name with a NUL and leave what is behind it
 * as it was, so the key starts as zeros.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct program {
	char comm[TASK_COMM_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 10240);
	__type(key, struct program);
	__type(value, __u64);
} syscalls SEC(".maps");

SEC("tp/raw_syscalls/sys_enter")
int sysbycomm(void *ctx)
{
	struct program program = {};
	__u64 one = 1, *count;

	bpf_get_current_comm(program.comm, sizeof(program.comm));
	count = bpf_map_lookup_elem(&syscalls, &program);
	if (count)
		*count += 1;
	else
		bpf_map_update_elem(&syscalls, &program, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sysbycomm: number of system calls by program. Based on lesson 21.1.2 of the course, which uses
 * bpftrace: @[comm] = count().
 *
 * Demonstrates a per-CPU hash. No other CPU writes to the value, so counting requires no atomic
 * operation; the viewer computes the sum (-v shows each CPU).
 *
 * All bytes of a key count. Some kernels (6.1) leave the bytes after the NUL of comm unchanged, so
 * the key is zeroed first.
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

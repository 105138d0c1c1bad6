/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tptail: a tail call between tracepoint programs. Based on lesson 21.5.3 of the course.
 *
 * Demonstrates that both programs have the same type and receive the same record. The first one
 * filters, the second does the work; each has its own limits of stack and size.
 *
 * Pitfall avoided: in the course both have the same section name, so both are attached and the
 * second runs twice. A ? before the section name keeps it from being attached on its own.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 looked, worked;

SEC("?tp/syscalls/sys_enter_openat")
int tptail_work(void *ctx)
{
	__sync_fetch_and_add(&worked, 1);
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 10);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
} steps SEC(".maps") = {
	.values = {[3] = (void *)tptail_work},
};

SEC("tp/syscalls/sys_enter_openat")
int tptail(void *ctx)
{
	__sync_fetch_and_add(&looked, 1);
	bpf_tail_call(ctx, &steps, 3);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

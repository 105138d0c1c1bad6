/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tptail: a tail call between programs of a tracepoint. After the course's lesson 21.5.3.
 *
 * Learned here: both programs have the same type and get the same record. The first one looks, the
 * second one does the work; neither has to fit the other's stack or size.
 *
 * Trap avoided: in the course both have the same section, so that each is attached and the second
 * one runs twice. The ? in front of a section name says: not by itself.
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

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * lifofifo: the last signals sent with kill(2). Based on lesson 21.2.2 of the course.
 *
 * Demonstrates stacks and queues, which have no keys. Programs push. A pop, by a program or by user
 * space, removes an element: the newest of a stack, the oldest of a queue. A peek does not remove
 * it; that is what sonde shows.
 *
 * With BPF_EXIST, a push into a full map drops the oldest element; without it, the push fails.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 100);
	__type(value, __u32);
} youngest_first SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 100);
	__type(value, __u32);
} oldest_first SEC(".maps");

SEC("tp/syscalls/sys_enter_kill")
int lifofifo(struct trace_event_raw_sys_enter *ctx)
{
	__u32 signal = (__u32)ctx->args[1];

	bpf_map_push_elem(&youngest_first, &signal, BPF_EXIST);
	bpf_map_push_elem(&oldest_first, &signal, BPF_EXIST);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

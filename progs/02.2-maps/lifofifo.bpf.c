/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * lifofifo: the last signals that were sent with kill(2). After the course's lesson 21.2.2.
 *
 * Learned here: stacks and queues have no keys. Programs push; whoever pops, a program or user
 * space, takes the element out: the youngest one from a stack, the oldest one from a queue. Looking
 * without taking is called peek, and that is what sonde shows.
 *
 * With BPF_EXIST a push into a full one drops the oldest element; without it, it fails.
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

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sigstats: how often each signal was sent. Based on lesson 21.5.2 of the course.
 *
 * Demonstrates a tracepoint that is not a system call: signal_generate reports all signals,
 * including those sent by the kernel. `ls /sys/kernel/tracing/events` lists thousands of others.
 *
 * Pitfall avoided: signals are numbered from 1 to 64, so the array has 65 elements.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65);
	__type(key, __u32);
	__type(value, __u64);
} signals SEC(".maps");

SEC("tp/signal/signal_generate")
int sigstats(struct trace_event_raw_signal_generate *ctx)
{
	__u32 signal = (__u32)ctx->sig;
	__u64 *count = bpf_map_lookup_elem(&signals, &signal);

	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

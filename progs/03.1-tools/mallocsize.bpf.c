/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * mallocsize: sizes of malloc() requests as a log2 histogram. Based on lesson 21.3.4 of the course.
 * For one process: --on mallocsize=@PID.
 *
 * Demonstrates a map that is a histogram as a whole, each element being a count. A per-CPU array
 * requires no atomic operations; the viewer adds up.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_show.h>

enum { SLOTS = 40 };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} requests SHOW_AS(log2_bytes) SEC(".maps");

SEC("uprobe/libc.so.6:malloc")
int BPF_UPROBE(mallocsize, size_t size)
{
	__u32 slot = log2_slot(size, SLOTS);
	__u64 *count = bpf_map_lookup_elem(&requests, &slot);

	if (count)
		*count += 1;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

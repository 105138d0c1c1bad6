/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * kmallocs: sizes of kernel memory requests as a log2 histogram. Based on lesson 21.5.3 of the
 * course.
 *
 * Demonstrates:
 * - Thousands of events per second are counted where they occur, not sent to user space.
 * - A type may have different names in different kernels: this record was kmem_alloc before Linux
 *   6.1 and is kmalloc since. bpf_core_type_exists() is evaluated by the loader, so the branch for
 *   the other kernel is dead code to the verifier.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

enum { SLOTS = 32 };

/* Element n: requests of 2^n to 2^(n + 1) - 1 bytes. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} requests SEC(".maps");

__u64 total_bytes;

static __always_inline __u32 log2(__u64 n)
{
	__u32 slot = 0;

	for (int i = 0; i < SLOTS - 1 && n > 1; i++) {
		n >>= 1;
		slot++;
	}
	return slot;
}

SEC("tp/kmem/kmalloc")
int kmallocs(void *ctx)
{
	__u64 bytes, *count;
	__u32 slot;

	if (bpf_core_type_exists(struct trace_event_raw_kmalloc))
		bytes = BPF_CORE_READ((struct trace_event_raw_kmalloc *)ctx, bytes_req);
	else
		bytes = BPF_CORE_READ((struct trace_event_raw_kmem_alloc *)ctx, bytes_req);
	slot = log2(bytes);
	count = bpf_map_lookup_elem(&requests, &slot);
	if (count)
		*count += 1;
	__sync_fetch_and_add(&total_bytes, bytes);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * kmallocsum: kernel memory requested, by call site. Based on lesson 21.3.4 of the course, which
 * uses bpftrace: sum(args->bytes_req).
 *
 * Demonstrates a kernel address as key. Its type, kernel_addr_t, tells the viewer to resolve it.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_show.h>

struct sum {
	__u64 bytes;
	__u64 calls;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 4096);
	__type(key, kernel_addr_t);
	__type(value, struct sum);
} callers SEC(".maps");

SEC("tp/kmem/kmalloc")
int kmallocsum(void *ctx)
{
	struct trace_event_raw_kmalloc *new = ctx;
	struct trace_event_raw_kmem_alloc *old = ctx; /* before Linux 6.1 */
	struct sum first = {0, 1}, *sum;
	kernel_addr_t caller;

	if (bpf_core_type_exists(struct trace_event_raw_kmalloc)) {
		caller = BPF_CORE_READ(new, call_site);
		first.bytes = BPF_CORE_READ(new, bytes_req);
	} else {
		caller = BPF_CORE_READ(old, call_site);
		first.bytes = BPF_CORE_READ(old, bytes_req);
	}
	sum = bpf_map_lookup_elem(&callers, &caller);
	if (sum) {
		sum->bytes += first.bytes;
		sum->calls += 1;
	} else {
		bpf_map_update_elem(&callers, &caller, &first, BPF_ANY);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sysbynr: number of calls by system call number. Based on lesson 21.2.2 of the course.
 *
 * Demonstrates an array: a map with keys 0 to max_entries - 1 and without hashing. A lookup is an
 * addition, and an index beyond the end yields NULL. (110 is getppid on x86-64; numbers differ
 * between architectures.)
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 512);
	__type(key, __u32);
	__type(value, __u64);
} calls SEC(".maps");

SEC("tp/raw_syscalls/sys_enter")
int sysbynr(struct trace_event_raw_sys_enter *ctx)
{
	long id = ctx->id;
	__u32 nr = (__u32)id;
	__u64 *count = bpf_map_lookup_elem(&calls, &nr);

	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * onecounter: number of files opened, system-wide. Based on lesson 21.2.2 of the course.
 *
 * Demonstrates an array of one element, the smallest map. It exists from the start, filled with
 * zeros, and nothing can be deleted from it. A global variable is the same with less to write: the
 * compiler places it in .bss, from which the loader makes an array of one element.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} opens SEC(".maps");

__u64 also_opens;

SEC("tp/syscalls/sys_enter_openat")
int onecounter(void *ctx)
{
	__u32 slot = 0;
	__u64 *count = bpf_map_lookup_elem(&opens, &slot);

	if (count)
		__sync_fetch_and_add(count, 1);
	__sync_fetch_and_add(&also_opens, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

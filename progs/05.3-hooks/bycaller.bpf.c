/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * bycaller: how often each of many kernel functions is called. Based on lesson 21.3.4 of the
 * course.
 *
 * Demonstrates one program attached to all functions that match a pattern, with a single link
 * (Linux 5.18). bpf_get_func_ip() returns the address of the current one; the type of the key tells
 * the viewer to resolve it.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_show.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, kernel_addr_t);
	__type(value, __u64);
} calls SEC(".maps");

SEC("kprobe.multi/vfs_read*")
int bycaller(void *ctx)
{
	kernel_addr_t function = bpf_get_func_ip(ctx);
	__u64 zero = 0, *count = bpf_map_lookup_elem(&calls, &function);

	if (!count) {
		bpf_map_update_elem(&calls, &function, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&calls, &function);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

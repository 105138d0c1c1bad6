/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Counts in a pinned map. SIZE: its entries. BROKEN: adds a program that no kernel accepts. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#ifndef SIZE
#define SIZE 1
#endif

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SIZE);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} sonde_count SEC(".maps");

__u64 others; /* .bss, which is not pinned */

SEC("tp/syscalls/sys_enter_execve") int count(void *ctx)
{
	__u32 zero = 0;
	__u64 *n = bpf_map_lookup_elem(&sonde_count, &zero);
	if (!n || (__u32)bpf_get_current_uid_gid() != 12345)
		return 0;
	bpf_printk("count %llu others %llu", ++*n, ++others);
	return 0;
}

#ifdef BROKEN
SEC("tp/syscalls/sys_exit_execve") int broken(void *ctx)
{
	return *(volatile int *)(long)bpf_ktime_get_ns();
}
#endif

char LICENSE[] SEC("license") = "GPL";

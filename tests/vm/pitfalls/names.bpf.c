/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P1, P37: key 0 in a hash, and names that the kernel truncates. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} a_map_whose_name_is_long SEC(".maps");

SEC("tp/syscalls/sys_enter_getppid")
int a_program_whose_name_is_long(void *ctx)
{
	__u64 value;

#pragma unroll
	for (__u32 i = 0; i < 5; i++) {
		__u32 key = i;

		value = 100 + key;
		bpf_map_update_elem(&a_map_whose_name_is_long, &key, &value, BPF_ANY);
	}
	bpf_printk("filled by %d", 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P11: a map of several megabytes. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << 16);
	__type(key, __u32);
	__type(value, __u64);
} large SEC(".maps");

SEC("tp/syscalls/sys_enter_getppid")
int nothing(void *ctx)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&large, &key) != 0;
}

char LICENSE[] SEC("license") = "GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P15: a program array that remains empty. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} stages SEC(".maps");

SEC("tp/syscalls/sys_enter_getppid")
int first(void *ctx)
{
	bpf_tail_call(ctx, &stages, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P15: a tail call target in a section that also attaches it. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 runs;
int second(void *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
} stages SEC(".maps") = {.values = {[0] = (void *)&second}};

SEC("tp/syscalls/sys_enter_getppid")
int first(void *ctx)
{
	bpf_tail_call(ctx, &stages, 0);
	return 0;
}

SEC("tp/syscalls/sys_enter_getppid")
int second(void *ctx)
{
	__sync_fetch_and_add(&runs, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

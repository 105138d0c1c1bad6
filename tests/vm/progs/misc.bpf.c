/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* netfilter, and a syscall program. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 hits;

SEC("netfilter") int drop(void *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return 0; /* NF_DROP */
}

SEC("syscall") int call(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

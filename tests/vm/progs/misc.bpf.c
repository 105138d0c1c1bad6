/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Hooks that take no more than a word, and those that are only loaded. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 hits;

SEC("netfilter") int drop(void *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return 0; /* NF_DROP */
}

SEC("lwt_in") int in(struct __sk_buff *skb)
{
	return 0;
}
SEC("lwt_out") int out(struct __sk_buff *skb)
{
	return 0;
}
SEC("lwt_xmit") int xmit(struct __sk_buff *skb)
{
	return 0;
}
SEC("lwt_seg6local") int seg6(struct __sk_buff *skb)
{
	return 0;
}
SEC("syscall") int call(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

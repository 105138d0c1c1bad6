/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P18: a socket filter with direct packet access, and one with bpf_skb_load_bytes(). */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 seen;

SEC("?socket")
int wrong(struct __sk_buff *skb)
{
	return *(char *)(long)skb->data;
}

SEC("?socket")
int right(struct __sk_buff *skb)
{
	__u8 first;

	if (!bpf_skb_load_bytes(skb, 0, &first, sizeof(first)))
		__sync_fetch_and_add(&seen, 1);
	return (int)skb->len;
}

char LICENSE[] SEC("license") = "GPL";

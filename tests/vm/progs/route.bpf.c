/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* LWT programs: each counts its packets; `drop` also drops them. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 hits;

static int count(int verdict)
{
	__sync_fetch_and_add(&hits, 1);
	return verdict;
}

SEC("lwt_in") int in(struct __sk_buff *skb)
{
	return count(BPF_OK);
}
SEC("lwt_in") int drop(struct __sk_buff *skb)
{
	return count(BPF_DROP);
}
SEC("lwt_out") int out(struct __sk_buff *skb)
{
	return count(BPF_OK);
}
SEC("lwt_xmit") int xmit(struct __sk_buff *skb)
{
	return count(BPF_OK);
}
SEC("lwt_seg6local") int segment(struct __sk_buff *skb)
{
	return count(BPF_OK);
}

char LICENSE[] SEC("license") = "GPL";

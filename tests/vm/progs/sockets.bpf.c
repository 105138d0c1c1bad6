/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Hooks of sockets and network namespaces. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_HLEN 14
#define PORT     7777

__u64 hits;

/* Accepts UDP to one port. A socket filter has no direct packet access. */
SEC("socket") int filter(struct __sk_buff *skb)
{
	__u8 protocol = 0;
	__u16 port = 0;
	bpf_skb_load_bytes(skb, ETH_HLEN + 9, &protocol, sizeof protocol);
	bpf_skb_load_bytes(skb, ETH_HLEN + 20 + 2, &port, sizeof port);
	if (protocol != IPPROTO_UDP || port != bpf_htons(PORT))
		return 0;
	__sync_fetch_and_add(&hits, 1);
	return skb->len;
}

/* A socket with this filter receives nothing. */
SEC("socket") int deaf(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&hits, 1);
	return 0;
}

/* Drops the packet, as if no socket were bound. */
SEC("sk_lookup") int lookup(struct bpf_sk_lookup *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return SK_DROP;
}

SEC("flow_dissector") int dissect(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&hits, 1);
	return 0; /* BPF_OK */
}

/* Makes the kernel dissect the packet. */
SEC("tc/egress") int ask_hash(struct __sk_buff *skb)
{
	bpf_get_hash_recalc(skb);
	return TC_ACT_OK;
}

/* Selects none of the sockets. */
SEC("sk_reuseport") int reuseport(struct sk_reuseport_md *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return SK_DROP;
}
SEC("sk_reuseport/migrate") int migrate(struct sk_reuseport_md *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return SK_DROP;
}

char LICENSE[] SEC("license") = "GPL";

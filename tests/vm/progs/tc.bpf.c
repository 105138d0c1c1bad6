/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Each program drops and counts all ICMPv4 packets in its direction. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800

__u64 dropped;

static int verdict(struct __sk_buff *skb)
{
	__u8 protocol = 0;
	if (skb->protocol != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	bpf_skb_load_bytes_relative(skb, 9, &protocol, sizeof protocol, BPF_HDR_START_NET);
	if (protocol != IPPROTO_ICMP)
		return TC_ACT_OK;
	__sync_fetch_and_add(&dropped, 1);
	return TC_ACT_SHOT;
}

SEC("tc") int plain(struct __sk_buff *skb)
{
	return verdict(skb);
}
SEC("classifier") int classic(struct __sk_buff *skb)
{
	return verdict(skb);
}
SEC("tc/ingress") int in(struct __sk_buff *skb)
{
	return verdict(skb);
}
SEC("tc/egress") int out(struct __sk_buff *skb)
{
	return verdict(skb);
}
SEC("tcx/ingress") int in_x(struct __sk_buff *skb)
{
	return verdict(skb);
}
SEC("tcx/egress") int out_x(struct __sk_buff *skb)
{
	return verdict(skb);
}
SEC("netkit/primary") int primary(struct __sk_buff *skb)
{
	return verdict(skb);
}
SEC("netkit/peer") int peer(struct __sk_buff *skb)
{
	return verdict(skb);
}
SEC("action") int act(struct __sk_buff *skb)
{
	return verdict(skb);
}

char LICENSE[] SEC("license") = "GPL";

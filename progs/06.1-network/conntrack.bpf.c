/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * conntrack: flows and their traffic in each direction. Based on lesson 21.6.1 of the course.
 *
 *	sonde run build/progs/conntrack.bpf.o --on conntrack_in=eth0 --on conntrack_out=eth0
 *
 * Demonstrates two programs, ingress and egress of the same interface, that share a map. For both
 * to find the same entry, the key consists of "here" and "there" rather than source and
 * destination: here is the destination of incoming packets and the source of outgoing ones.
 *
 * Pitfalls avoided:
 * - All bytes of a key count, including padding: it is declared as members and set to 0.
 * - Others can create any number of flows: an LRU map evicts the oldest.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

enum protocol { ICMP = IPPROTO_ICMP, TCP = IPPROTO_TCP, UDP = IPPROTO_UDP };

struct flow {
	struct in_addr here;
	__be16 here_port; /* 0: a protocol without ports */
	__be16 there_port;
	struct in_addr there;
	enum protocol proto; /* other numbers occur as well */
};

struct traffic {
	__u64 in;
	__u64 in_bytes;
	__u64 out;
	__u64 out_bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, struct flow);
	__type(value, struct traffic);
} flows SEC(".maps");

struct ports {
	__be16 from, to;
};

static __always_inline bool read_flow(struct __sk_buff *skb, struct flow *flow, bool in)
{
	struct iphdr ip;
	struct ports ports = {};

	if (skb->protocol != bpf_htons(ETH_P_IP) ||
		bpf_skb_load_bytes_relative(skb, 0, &ip, sizeof(ip), BPF_HDR_START_NET))
		return false;
	if (ip.protocol == IPPROTO_TCP || ip.protocol == IPPROTO_UDP)
		bpf_skb_load_bytes_relative(
			skb, ip.ihl * 4, &ports, sizeof(ports), BPF_HDR_START_NET);
	flow->here.s_addr = in ? ip.daddr : ip.saddr;
	flow->there.s_addr = in ? ip.saddr : ip.daddr;
	flow->here_port = in ? ports.to : ports.from;
	flow->there_port = in ? ports.from : ports.to;
	flow->proto = ip.protocol;
	return true;
}

static __always_inline int count(struct __sk_buff *skb, bool in)
{
	struct flow flow = {};
	struct traffic none = {}, *traffic;

	if (!read_flow(skb, &flow, in))
		return TC_ACT_OK;
	traffic = bpf_map_lookup_elem(&flows, &flow);
	if (!traffic) {
		bpf_map_update_elem(&flows, &flow, &none, BPF_NOEXIST);
		traffic = bpf_map_lookup_elem(&flows, &flow);
		if (!traffic)
			return TC_ACT_OK;
	}
	__sync_fetch_and_add(in ? &traffic->in : &traffic->out, 1);
	__sync_fetch_and_add(in ? &traffic->in_bytes : &traffic->out_bytes, skb->len);
	return TC_ACT_OK;
}

SEC("tc/ingress")
int conntrack_in(struct __sk_buff *skb)
{
	return count(skb, true);
}

SEC("tc/egress")
int conntrack_out(struct __sk_buff *skb)
{
	return count(skb, false);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

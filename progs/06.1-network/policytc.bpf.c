/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * policytc: a map lists the permitted endpoints; other packets are dropped. Based on lesson 21.6.1
 * of the course.
 *
 *	sonde run build/progs/policytc.bpf.o --on policytc=eth0:egress --set audit=true
 *	sonde run build/progs/policytc.bpf.o --on policytc=eth0:egress
 *
 * Demonstrates rules in a map. An endpoint (address, port, protocol) without an entry is added as
 * UNKNOWN and dropped. Once user space sets it to ALLOW, it passes from the next packet on; no
 * program is reloaded. For TCP to 10.0.0.2, port 80 (0x50):
 *
 *	bpftool map update name policies key 10 0 0 2 0 0x50 0 0 6 0 0 0 \
 *		value 1 0 0 0  0 0 0 0  0 0 0 0 0 0 0 0  0 0 0 0 0 0 0 0
 *
 * Pitfall avoided: a default of dropping cuts off whoever tries it over the network. --set
 * audit=true drops nothing and shows what would be dropped.
 *
 * Applies to IPv4 only; the rest (ARP!) passes.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

const volatile bool audit = false;

enum protocol { ICMP = IPPROTO_ICMP, TCP = IPPROTO_TCP, UDP = IPPROTO_UDP };

struct endpoint {
	struct in_addr address;
	__be16 port; /* 0: a protocol without ports */
	__u16 pad;
	enum protocol protocol; /* other numbers occur as well */
};

enum verdict { UNKNOWN, ALLOW, DENY };

struct policy {
	enum verdict verdict;
	__u32 pad;
	__u64 passed; /* packets */
	__u64 dropped;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct endpoint);
	__type(value, struct policy);
} policies SEC(".maps");

/* The destination of a packet. False if it is not IPv4. */
static __always_inline bool read_endpoint(struct __sk_buff *skb, struct endpoint *e)
{
	struct iphdr ip;

	if (skb->protocol != bpf_htons(ETH_P_IP) ||
		bpf_skb_load_bytes_relative(skb, 0, &ip, sizeof(ip), BPF_HDR_START_NET))
		return false;
	e->address.s_addr = ip.daddr;
	e->protocol = ip.protocol;
	if (ip.protocol == IPPROTO_TCP || ip.protocol == IPPROTO_UDP)
		bpf_skb_load_bytes_relative(skb, ip.ihl * 4 + 2 /* dest */, &e->port,
			sizeof(e->port), BPF_HDR_START_NET);
	return true;
}

SEC("tc")
int policytc(struct __sk_buff *skb)
{
	struct endpoint endpoint = {};
	struct policy unknown = {}, *policy;

	if (!read_endpoint(skb, &endpoint))
		return TC_ACT_OK;
	policy = bpf_map_lookup_elem(&policies, &endpoint);
	if (!policy) {
		bpf_map_update_elem(&policies, &endpoint, &unknown, BPF_NOEXIST);
		policy = bpf_map_lookup_elem(&policies, &endpoint);
		if (!policy)
			return audit ? TC_ACT_OK : TC_ACT_SHOT;
	}
	if (policy->verdict == ALLOW) {
		__sync_fetch_and_add(&policy->passed, 1);
		return TC_ACT_OK;
	}
	__sync_fetch_and_add(&policy->dropped, 1);
	return audit ? TC_ACT_OK : TC_ACT_SHOT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

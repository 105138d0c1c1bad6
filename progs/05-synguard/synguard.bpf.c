/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * synguard: drop TCP connection requests from an address that sends too many. Based on example 05
 * of the course.
 *
 *	sonde run build/progs/synguard.bpf.o --on synguard=veth0 --set limit=20
 *
 * Demonstrates:
 * - Parsing header by header: Ethernet, IP, TCP, each compared with data_end before it is read. The
 *   IP header has a variable length (ihl, in units of 4 bytes), so TCP does not always start at
 *   byte 34.
 * - A connection request is a SYN without ACK.
 *
 * Pitfalls avoided:
 * - A plain hash map is full after 10240 addresses and then counts no new one, which an attacker
 *   with spoofed addresses would exploit. An LRU map evicts the least recently seen address.
 * - Counters that only grow would eventually lock out every frequent visitor; here they restart
 *   with each time window.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct syns {
	__u64 window_start; /* ns */
	__u64 count;        /* in this window */
	__u64 dropped;      /* total */
};

/* Requests permitted per window. */
const volatile __u64 limit = 100;
const volatile __u64 window_ns = 1000000000;

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, struct in_addr);
	__type(value, struct syns);
} syn_count SEC(".maps");

/* The IP header of a connection request, or 0. */
static __always_inline struct iphdr *find_syn(void *data, void *data_end)
{
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct tcphdr *tcp;

	if ((void *)(ip + 1) > data_end)
		return 0;
	if (eth->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_TCP)
		return 0;
	tcp = (void *)ip + ip->ihl * 4;
	if ((void *)(tcp + 1) > data_end || !tcp->syn || tcp->ack)
		return 0;
	return ip;
}

SEC("xdp")
int synguard(struct xdp_md *ctx)
{
	struct iphdr *ip = find_syn((void *)(long)ctx->data, (void *)(long)ctx->data_end);
	__u64 now = bpf_ktime_get_ns();
	struct syns first = {.window_start = now}, *syns;
	struct in_addr source;

	if (!ip)
		return XDP_PASS;
	source.s_addr = ip->saddr;
	syns = bpf_map_lookup_elem(&syn_count, &source);
	if (!syns) {
		bpf_map_update_elem(&syn_count, &source, &first, BPF_NOEXIST);
		syns = bpf_map_lookup_elem(&syn_count, &source);
		if (!syns)
			return XDP_PASS;
	}
	if (now - syns->window_start > window_ns) {
		syns->window_start = now;
		syns->count = 0;
	}
	__sync_fetch_and_add(&syns->count, 1);
	if (syns->count <= limit)
		return XDP_PASS;
	__sync_fetch_and_add(&syns->dropped, 1);
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

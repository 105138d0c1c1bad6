/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * noping: make an interface ignore pings. Based on example 11 of the course.
 *
 *	sonde run build/progs/noping.bpf.o --on noping=veth0
 *
 * Demonstrates detaching. Ctrl-C, or --for 10s, closes the link, which removes the program from the
 * interface: pings are answered again.
 *
 * Pitfalls avoided:
 * - Only echo requests are dropped. ICMP is more than ping: "fragmentation needed" and "destination
 *   unreachable" inform connections about problems on their path.
 * - The ICMP header follows an IP header of variable length. All fragments but the first have data
 *   in its place.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

enum {
	ICMP_ECHO = 8,
	FRAGMENT_OFFSET = 0x1fff, /* of iphdr.frag_off */
};

SEC("xdp")
int noping(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct icmphdr *icmp;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_ICMP)
		return XDP_PASS;
	if (ip->frag_off & bpf_htons(FRAGMENT_OFFSET))
		return XDP_PASS;
	icmp = (void *)ip + ip->ihl * 4;
	if ((void *)(icmp + 1) > data_end || icmp->type != ICMP_ECHO)
		return XDP_PASS;
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

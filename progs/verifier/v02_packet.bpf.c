/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 2: an access beyond the checked part of a packet.
 *
 *	sonde run build/progs/v02_packet.bpf.o --only wrong --on wrong=lo
 *	"invalid access to packet, off=23 size=1"
 *
 * The comparison with data_end covers only the Ethernet header; the protocol follows after it. A
 * packet may be arbitrarily short.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("?xdp")
int wrong(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	return ip->protocol == IPPROTO_UDP ? XDP_DROP : XDP_PASS;
}

SEC("?xdp")
int right(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	return ip->protocol == IPPROTO_UDP ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Each program drops all ICMP packets; those for devmap and cpumap are only loaded. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800

static int verdict(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	if ((void *)(ip + 1) > data_end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	return ip->protocol == IPPROTO_ICMP ? XDP_DROP : XDP_PASS;
}

SEC("xdp") int plain(struct xdp_md *ctx)
{
	return verdict(ctx);
}
SEC("xdp.frags") int frags(struct xdp_md *ctx)
{
	return verdict(ctx);
}
SEC("xdp/devmap") int devmap(struct xdp_md *ctx)
{
	return verdict(ctx);
}
SEC("xdp/cpumap") int cpumap(struct xdp_md *ctx)
{
	return verdict(ctx);
}
SEC("xdp.frags/devmap") int devmap_frags(struct xdp_md *ctx)
{
	return verdict(ctx);
}
SEC("xdp.frags/cpumap") int cpumap_frags(struct xdp_md *ctx)
{
	return verdict(ctx);
}

char LICENSE[] SEC("license") = "GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Counts SYN packets per source and drops those after the first 100. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP  0x0800
#define THRESHOLD 100

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} syn_count SEC(".maps");

SEC("xdp")
int syn_guard(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	struct iphdr *ip;
	struct tcphdr *tcp;
	__u64 *count, one = 1;
	__u32 src;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	ip = (void *)(eth + 1);
	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	if (ip->protocol != IPPROTO_TCP)
		return XDP_PASS;
	tcp = (void *)(ip + 1);
	if ((void *)(tcp + 1) > data_end)
		return XDP_PASS;
	if (!tcp->syn || tcp->ack)
		return XDP_PASS;

	src = ip->saddr;
	count = bpf_map_lookup_elem(&syn_count, &src);
	if (count) {
		__sync_fetch_and_add(count, 1);
		if (*count > THRESHOLD)
			return XDP_DROP;
	} else {
		bpf_map_update_elem(&syn_count, &src, &one, BPF_ANY);
	}
	return XDP_PASS;
}

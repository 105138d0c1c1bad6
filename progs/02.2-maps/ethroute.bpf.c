/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ethroute: one program asks what is in the frame, others decide about it. After the course's
 * lesson 21.2.2.
 *
 *	sonde run build/progs/ethroute.bpf.o --on ethroute=lo
 *
 * Learned here: a tail call leaves one program for another and does not come back; the other one
 * gets the same context and gives the verdict. Which one it is stands in an array of programs,
 * which can be changed while they run. If the slot is empty, the call does nothing, and what is
 * behind it goes on.
 *
 * Traps avoided: an array of programs is empty until somebody fills it; here the object says with
 * what, and the loader does it. The ? keeps the two from being attached by themselves.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

enum { IPV4, IPV6 };

__u64 seen_ipv4, seen_ipv6, seen_other;

SEC("?xdp")
int pass_ipv4(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&seen_ipv4, 1);
	return XDP_PASS;
}

SEC("?xdp")
int drop_ipv6(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&seen_ipv6, 1);
	return XDP_DROP;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 10);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
} routes SEC(".maps") = {
	.values = {[IPV4] = (void *)pass_ipv4, [IPV6] = (void *)drop_ipv6},
};

SEC("xdp")
int ethroute(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		bpf_tail_call(ctx, &routes, IPV4);
	else if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		bpf_tail_call(ctx, &routes, IPV6);
	__sync_fetch_and_add(&seen_other, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

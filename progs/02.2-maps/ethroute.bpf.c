/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ethroute: one program classifies frames, others decide about them. Based on lesson 21.2.2 of the
 * course.
 *
 *	sonde run build/progs/ethroute.bpf.o --on ethroute=lo
 *
 * Demonstrates tail calls: execution continues in another program and does not return. That program
 * gets the same context, and its return value is the verdict. The target is looked up in a prog
 * array, which can be updated at any time. If the slot is empty, the call has no effect and
 * execution continues after it.
 *
 * Pitfalls avoided: a prog array is empty until something fills it. Here the object declares its
 * contents, and the loader inserts them. The ? keeps the two targets from being attached on their
 * own.
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

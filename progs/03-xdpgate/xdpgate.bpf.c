/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * xdpgate: drop packets from one IPv4 address. Based on example 03 of the course.
 *
 *	sonde run build/progs/xdpgate.bpf.o --on xdpgate=veth0 --set blocked=0xc0a80164
 *
 * Demonstrates:
 * - XDP sees a packet before the kernel has processed it: an array of bytes from data to data_end,
 *   starting with the Ethernet header. The return value is the verdict.
 * - Every access must follow a comparison with data_end. The verifier tracks these comparisons and
 *   rejects a program in which one is missing.
 * - Network data is big-endian, hence bpf_ntohs() and bpf_ntohl().
 *
 * Pitfalls avoided: only that address is dropped. The course's gate also drops everything but IPv4,
 * including ARP, and thus cuts off the machine it protects. --on selects the interface: try it on a
 * veth pair or on lo first.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* The address as a number, here 192.168.1.100. */
const volatile __u32 blocked = 0xc0a80164;

/* Per CPU, so no atomic operation is needed. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} dropped SEC(".maps");

SEC("xdp")
int xdpgate(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	__u32 slot = 0;
	__u64 *count;

	/* One comparison covers both headers; packets too short for IPv4 pass. */
	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_IP) || bpf_ntohl(ip->saddr) != blocked)
		return XDP_PASS;
	count = bpf_map_lookup_elem(&dropped, &slot);
	if (count)
		*count += 1;
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * xdpgate: keeps the packets of one IPv4 address out. After the course's example 03.
 *
 *	sonde run build/progs/xdpgate.bpf.o --on xdpgate=veth0 --set blocked=0xc0a80164
 *
 * Learned here:
 * - XDP sees a packet before the kernel has made anything of it: an array of bytes from data to
 *   data_end, starting with the Ethernet header. The verdict is the return value.
 * - Before any byte is read, its place is compared with data_end. The verifier follows this
 *   comparison and refuses a program in which one is missing.
 * - What comes over the network is big-endian, hence bpf_ntohs() and bpf_ntohl().
 *
 * Traps avoided: only that address is dropped. The course's gate also drops whatever is not IPv4,
 * ARP included, and so cuts off the machine that it is meant to protect. And --on decides about the
 * interface: try it on a veth pair or on lo first.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* The address, as a number: 192.168.1.100. */
const volatile __u32 blocked = 0xc0a80164;

/* By CPU, so that no atomic operation is needed. */
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

	/* One comparison serves both headers: too short for IPv4 is none of our business. */
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

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * xdppass: packet sizes on an interface; everything passes. Based on lesson 21.6.1 of the course.
 *
 *	sonde run build/progs/xdppass.bpf.o --on xdppass=eth0
 *
 * Demonstrates the skeleton of every XDP program. A packet extends from data to data_end, and the
 * verifier permits no access beyond what was compared with data_end. Packets too short for an
 * Ethernet header are passed on: XDP_PASS.
 *
 * Sizes are counted by powers of two: element 6 is 64 to 127 bytes.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum { SLOTS = 16 };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

static __always_inline __u32 log2_of(__u32 n)
{
	__u32 log = 0;

	for (int i = 0; i < SLOTS - 1 && n > 1; i++) {
		n >>= 1;
		log++;
	}
	return log;
}

SEC("xdp")
int xdppass(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	__u64 *count;
	__u32 slot;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	slot = log2_of(data_end - data);
	count = bpf_map_lookup_elem(&packets, &slot);
	if (count)
		*count += 1;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

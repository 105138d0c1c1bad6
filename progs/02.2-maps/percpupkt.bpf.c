/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * percpupkt: packets by protocol. Based on lesson 21.2.2 of the course.
 *
 *	sonde run build/progs/percpupkt.bpf.o --on percpupkt=lo
 *
 * Demonstrates per-CPU maps: one value per CPU, of which a program sees its own. Since no other CPU
 * writes to it, neither atomic operations nor cache line transfers are needed. User space gets all
 * values and adds them up.
 *
 * Pitfall avoided: keys of a PERCPU_HASH must be inserted like all others. The course's counter
 * only looks them up, finds nothing, and counts nothing. A PERCPU_ARRAY has all of its elements
 * from the start.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, __u16);
	__type(value, __u64);
} by_protocol SEC(".maps");

SEC("xdp")
int percpupkt(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u64 *count, one = 1;
	__u32 slot = 0;
	__u16 protocol;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	count = bpf_map_lookup_elem(&packets, &slot);
	if (count)
		*count += 1;
	protocol = bpf_ntohs(eth->h_proto);
	count = bpf_map_lookup_elem(&by_protocol, &protocol);
	if (count)
		*count += 1;
	else
		bpf_map_update_elem(&by_protocol, &protocol, &one, BPF_ANY);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

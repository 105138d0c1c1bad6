/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * lruconn: who sends packets to this machine, and how many. Based on lesson 21.2.2 of the course.
 *
 *	sonde run build/progs/lruconn.bpf.o --on lruconn=lo
 *
 * Demonstrates an LRU map, which evicts the least recently used entries when it is full. This suits
 * caches, and all maps whose keys are chosen by others. It is not exact: each CPU has its own share
 * of free entries, so some may be evicted a little early.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct sender {
	__u64 packets;
	__u64 bytes;
	__u64 last_seen; /* ns since boot */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1000);
	__type(key, struct in_addr);
	__type(value, struct sender);
} senders SEC(".maps");

SEC("xdp")
int lruconn(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct sender *sender, none = {};
	struct in_addr source;

	if ((void *)(ip + 1) > data_end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	source.s_addr = ip->saddr;
	sender = bpf_map_lookup_elem(&senders, &source);
	if (!sender) {
		bpf_map_update_elem(&senders, &source, &none, BPF_NOEXIST);
		sender = bpf_map_lookup_elem(&senders, &source);
		if (!sender)
			return XDP_PASS;
	}
	__sync_fetch_and_add(&sender->packets, 1);
	__sync_fetch_and_add(&sender->bytes, data_end - data);
	sender->last_seen = bpf_ktime_get_ns();
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tcok: traffic of an interface by protocol; everything passes. Based on lessons 21.2.1 and 21.5.3
 * of the course.
 *
 *	sonde run build/progs/tcok.bpf.o --on tcok=eth0			ingress
 *	sonde run build/progs/tcok.bpf.o --on tcok=eth0:egress		egress
 *
 * Demonstrates:
 * - A tc program sees packets after XDP, as the kernel's own structure (__sk_buff), and in both
 *   directions; XDP sees incoming packets only.
 * - The return value decides about the packet: TC_ACT_OK (0) lets it pass, TC_ACT_SHOT (2) drops
 *   it.
 * - Length and protocol, in network byte order, are in __sk_buff; the packet itself need not be
 *   read.
 *
 * Pitfall avoided: a plain increment loses counts when several CPUs execute it; this one is atomic.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

enum protocol {
	IPV4 = 0x0800,
	ARP = 0x0806,
	VLAN = 0x8100,
	IPV6 = 0x86dd,
	LLDP = 0x88cc,
};

struct traffic {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, enum protocol); /* other numbers occur as well */
	__type(value, struct traffic);
} protocols SEC(".maps");

SEC("tc")
int tcok(struct __sk_buff *skb)
{
	enum protocol protocol = bpf_ntohs(skb->protocol);
	struct traffic none = {}, *traffic = bpf_map_lookup_elem(&protocols, &protocol);

	if (!traffic) {
		bpf_map_update_elem(&protocols, &protocol, &none, BPF_NOEXIST);
		traffic = bpf_map_lookup_elem(&protocols, &protocol);
		if (!traffic)
			return TC_ACT_OK;
	}
	__sync_fetch_and_add(&traffic->packets, 1);
	__sync_fetch_and_add(&traffic->bytes, skb->len);
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

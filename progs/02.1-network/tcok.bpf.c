/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tcok: what goes through an interface, by protocol; everything passes. After the course's lessons
 * 21.2.1 and 21.5.3.
 *
 *	sonde run build/progs/tcok.bpf.o --on tcok=eth0			coming in
 *	sonde run build/progs/tcok.bpf.o --on tcok=eth0:egress		going out
 *
 * Learned here:
 * - A tc program sees packets behind XDP, as the kernel's own structure (__sk_buff), and in both
 *   directions; XDP knows only what comes in.
 * - The result is what becomes of the packet: TC_ACT_OK (0) goes on, TC_ACT_SHOT (2) is dropped.
 * - No access to the packet is needed for what __sk_buff tells: its length and its protocol, in
 *   network order.
 *
 * Trap avoided: one counter for all CPUs loses counts; the addition is atomic.
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
	__type(key, enum protocol); /* or a number without a name here */
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

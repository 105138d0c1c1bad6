/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sockport: who sends TCP to a given port. Based on lesson 21.2.1 of the course.
 *
 *	sonde run build/progs/sockport.bpf.o --on sockport=eth0
 *	sonde run build/progs/sockport.bpf.o --on sockport=any --set port=443
 *
 * Demonstrates a socket filter, which decides what *one* socket receives, here a packet socket
 * opened by the loader. The traffic itself is not affected; tcpdump works the same way.
 *
 * Pitfalls avoided:
 * - The return value is not a boolean but the number of bytes to keep. 1 would keep the first byte.
 * - A filter cannot read skb->data; bpf_skb_load_bytes() copies the bytes it needs. Offset 0 is the
 *   link header, which not every interface has; relative to BPF_HDR_START_NET it is the IP header.
 * - The IP header has a variable length, and only the first fragment contains a TCP header.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

enum { FRAGMENT_OFFSET = 0x1fff }; /* of iphdr.frag_off */

const volatile __u16 port = 80;

struct sender {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct in_addr);
	__type(value, struct sender);
} senders SEC(".maps");

static __always_inline void count(struct in_addr from, __u32 bytes)
{
	struct sender none = {}, *sender = bpf_map_lookup_elem(&senders, &from);

	if (!sender) {
		bpf_map_update_elem(&senders, &from, &none, BPF_NOEXIST);
		sender = bpf_map_lookup_elem(&senders, &from);
		if (!sender)
			return;
	}
	__sync_fetch_and_add(&sender->packets, 1);
	__sync_fetch_and_add(&sender->bytes, bytes);
}

SEC("socket")
int sockport(struct __sk_buff *skb)
{
	struct iphdr ip;
	struct tcphdr tcp;
	struct in_addr from;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return 0;
	if (bpf_skb_load_bytes_relative(skb, 0, &ip, sizeof(ip), BPF_HDR_START_NET))
		return 0;
	if (ip.protocol != IPPROTO_TCP || ip.frag_off & bpf_htons(FRAGMENT_OFFSET))
		return 0;
	if (bpf_skb_load_bytes_relative(skb, ip.ihl * 4, &tcp, sizeof(tcp), BPF_HDR_START_NET))
		return 0;
	if (tcp.dest != bpf_htons(port))
		return 0;
	from.s_addr = ip.saddr;
	count(from, skb->len);
	return skb->len;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

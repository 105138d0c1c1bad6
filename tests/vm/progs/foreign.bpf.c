// SPDX-License-Identifier: GPL-2.0
/* As written for iproute2: section names without a type, maps in its layout, tail calls by sections
 * ID/INDEX. Packets are passed only by way of both calls. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__u32 type, size_key, size_value, max_elem, flags, id, pinning, inner_id, inner_idx;
} jumps SEC("maps") = {BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 3, 0, 2};

SEC("2/0") int last(struct __sk_buff *skb)
{
	return 2; /* TC_ACT_SHOT */
}

SEC("2/1") int first(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &jumps, 0);
	return 0; /* TC_ACT_OK */
}

SEC("from-netdev") int entry(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &jumps, 1);
	return 0;
}

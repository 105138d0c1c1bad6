/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Adds the connections of a cgroup to a socket map and counts what they send and receive. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

__u64 hits;
__u32 next;

SEC("sockops") int collect(struct bpf_sock_ops *ctx)
{
	if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ||
		ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
		__u32 key = next++ & 15;
		bpf_sock_map_update(ctx, &sockets, &key, BPF_ANY);
	}
	return 1;
}

static __always_inline int counted(int verdict)
{
	__sync_fetch_and_add(&hits, 1);
	return verdict;
}

SEC("sk_msg") int msg(struct sk_msg_md *ctx)
{
	return counted(SK_PASS);
}
SEC("sk_skb/stream_parser") int parser(struct __sk_buff *skb)
{
	return counted((int)skb->len);
}
/* Passing the data would deadlock Linux 5.10. */
SEC("sk_skb/stream_verdict") int stream(struct __sk_buff *skb)
{
	return counted(SK_DROP);
}
SEC("sk_skb/verdict") int verdict(struct __sk_buff *skb)
{
	return counted(SK_DROP);
}
SEC("sk_skb") int loaded(struct __sk_buff *skb)
{
	return SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";

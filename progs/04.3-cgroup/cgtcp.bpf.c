/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * cgtcp: TCP connections of a cgroup, by peer. Based on lesson 21.4.3 of the course, which mentions
 * sock_ops.
 *
 *	sonde run build/progs/cgtcp.bpf.o --on cgtcp=CGROUP
 *
 * Demonstrates:
 * - One program for many events, distinguished by ctx->op. Some are always delivered, others only
 *   to connections that enable them with flags: here state changes and retransmissions.
 * - The context contains what the kernel knows about the connection, such as the smoothed
 *   round-trip time (srtt_us, in eighths of a microsecond).
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

enum {
	EVENTS = BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG,
	NEW_STATE = 1, /* of ctx->args */
};

struct peer {
	__u64 connects; /* outgoing */
	__u64 accepts;  /* incoming */
	__u64 closed;
	__u64 sent_again; /* packets */
	__u32 answer_us;
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct in_addr);
	__type(value, struct peer);
} peers SEC(".maps");

/* Servers that accept IPv4 and IPv6 use AF_INET6 sockets for both: ::ffff:10.0.0.2. */
static __always_inline bool is_ipv4(struct bpf_sock_ops *ctx)
{
	return ctx->family == AF_INET ||
	       (ctx->family == AF_INET6 && !ctx->remote_ip6[0] && !ctx->remote_ip6[1] &&
		       ctx->remote_ip6[2] == bpf_htonl(0xffff));
}

/* A connection is established. */
static __always_inline struct peer *begin(struct bpf_sock_ops *ctx, const struct in_addr *address)
{
	struct peer none = {};

	bpf_sock_ops_cb_flags_set(ctx, EVENTS);
	bpf_map_update_elem(&peers, address, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&peers, address);
}

static __always_inline void count(struct bpf_sock_ops *ctx, struct peer *peer)
{
	switch (ctx->op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		__sync_fetch_and_add(&peer->connects, 1);
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		__sync_fetch_and_add(&peer->accepts, 1);
		break;
	case BPF_SOCK_OPS_RETRANS_CB:
		__sync_fetch_and_add(&peer->sent_again, 1);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		if (ctx->args[NEW_STATE] == BPF_TCP_CLOSE)
			__sync_fetch_and_add(&peer->closed, 1);
		break;
	}
	if (ctx->is_fullsock)
		peer->answer_us = ctx->srtt_us >> 3;
}

SEC("sockops")
int cgtcp(struct bpf_sock_ops *ctx)
{
	struct in_addr address = {.s_addr = ctx->remote_ip4};
	struct peer *peer;

	if (!is_ipv4(ctx))
		return 1;
	if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ||
		ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		peer = begin(ctx, &address);
	else
		peer = bpf_map_lookup_elem(&peers, &address);
	if (peer)
		count(ctx, peer);
	return 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

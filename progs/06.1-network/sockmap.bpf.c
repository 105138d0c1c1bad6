/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sockmap: a shortcut between local processes that communicate over TCP. Based on lesson 21.6.1 of
 * the course.
 *
 *	sonde run build/progs/sockmap.bpf.o --on sockmap_collect=CGROUP
 *
 * Demonstrates:
 * - A map whose values are sockets. sockmap_collect, attached to a cgroup, is called for each
 *   established connection and adds its socket.
 * - sockmap_send is attached to the *map*: it receives what a socket in the map sends and may
 *   redirect it to the receive queue of another one. No packet is created, and nothing passes
 *   through lo.
 *
 * Pitfall avoided: the context has the local port in host byte order and the remote port in network
 * byte order, in the upper half of 32 bits. Only after conversion are the keys of both ends mirror
 * images.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* A socket, identified by its local and remote address. */
struct ends {
	struct in_addr own, other;
	__u32 own_port, other_port;
};

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 10240);
	__type(key, struct ends);
	__type(value, __u64); /* user space reads the socket cookie */
} sockets SEC(".maps");

__u64 collected, short_cuts, bytes;

/* Servers that accept IPv4 and IPv6 use AF_INET6 sockets for both: ::ffff:10.0.0.2. */
static __always_inline bool is_ipv4(struct bpf_sock_ops *ctx)
{
	return ctx->family == AF_INET ||
	       (ctx->family == AF_INET6 && !ctx->remote_ip6[0] && !ctx->remote_ip6[1] &&
		       ctx->remote_ip6[2] == bpf_htonl(0xffff));
}

SEC("sockops")
int sockmap_collect(struct bpf_sock_ops *ctx)
{
	struct ends ends = {
		.own.s_addr = ctx->local_ip4,
		.other.s_addr = ctx->remote_ip4,
		.own_port = ctx->local_port,
		.other_port = bpf_ntohl(ctx->remote_port),
	};

	if (!is_ipv4(ctx))
		return 1;
	if (ctx->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB &&
		ctx->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 1;
	if (!bpf_sock_hash_update(ctx, &sockets, &ends, BPF_NOEXIST))
		__sync_fetch_and_add(&collected, 1);
	return 1;
}

SEC("sk_msg")
int sockmap_send(struct sk_msg_md *msg)
{
	struct ends other = {
		.own.s_addr = msg->remote_ip4,
		.other.s_addr = msg->local_ip4,
		.own_port = bpf_ntohl(msg->remote_port),
		.other_port = msg->local_port,
	};

	/* If the peer is not in the map, the message takes the normal path. */
	if (bpf_msg_redirect_hash(msg, &sockets, &other, BPF_F_INGRESS) == SK_PASS) {
		__sync_fetch_and_add(&short_cuts, 1);
		__sync_fetch_and_add(&bytes, msg->size);
	}
	return SK_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

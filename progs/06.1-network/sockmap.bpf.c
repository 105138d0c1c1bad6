/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sockmap: two processes of this machine that talk over TCP get a short cut from socket to socket.
 * After the course's lesson 21.6.1.
 *
 *	sonde run build/progs/sockmap.bpf.o --on sockmap_collect=GROUP
 *
 * Learned here:
 * - A map whose values are sockets. sockmap_collect, in a control group, is told of each connection
 *   when it is established, and puts it in.
 * - sockmap_send hangs on the *map*: it gets what a socket in there sends, and may hand it to
 *   another socket of the map, straight into its queue. No packet is made, and nothing goes
 *   through lo.
 *
 * Trap avoided: the context has the own port as a number and that of the other end in network
 * order, in the upper half of 32 bits; only after conversion are both ends of a connection mirror
 * images.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* A socket, by its own address and that which it is connected to. */
struct ends {
	struct in_addr own, other;
	__u32 own_port, other_port;
};

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 10240);
	__type(key, struct ends);
	__type(value, __u64); /* what user space gets: a number that the kernel gives each */
} sockets SEC(".maps");

__u64 collected, short_cuts, bytes;

/* A server that takes both IPv4 and IPv6 gets both on sockets of the latter: ::ffff:10.0.0.2. */
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

	/* Is the other end here? If not, the message takes the usual way. */
	if (bpf_msg_redirect_hash(msg, &sockets, &other, BPF_F_INGRESS) == SK_PASS) {
		__sync_fetch_and_add(&short_cuts, 1);
		__sync_fetch_and_add(&bytes, msg->size);
	}
	return SK_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

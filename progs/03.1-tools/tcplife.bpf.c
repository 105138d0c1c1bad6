/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tcplife: one record per closed TCP connection over IPv4: endpoints, bytes, duration. Based on
 * lesson 21.3.1 of the course.
 *
 * Demonstrates:
 * - A connection is identified by the address of its socket, from its first state to its last.
 * - A state may change in an interrupt, while an arbitrary process is current. The process that
 *   connects is known at SYN_SENT; for accepted connections it is not, and pid is 0.
 * - The byte counts are not in the record, so they are read from the socket by CO-RE.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct connection {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	__be32 local;
	__u16 local_port;
	__be32 remote;
	__u16 remote_port;
	__u64 sent;
	__u64 received;
	__u64 us;
};

struct begin {
	__u64 ns;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct connection);

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct begin);
} sockets SEC(".maps");

static void start(__u64 socket, int state)
{
	struct begin begin = {.ns = bpf_ktime_get_ns()};

	if (state == TCP_SYN_SENT) {
		begin.pid = bpf_get_current_pid_tgid() >> 32;
		bpf_get_current_comm(begin.comm, sizeof(begin.comm));
	}
	bpf_map_update_elem(&sockets, &socket, &begin, BPF_NOEXIST);
}

static void report(struct trace_event_raw_inet_sock_set_state *ctx, const struct begin *begin)
{
	struct tcp_sock *tcp = (struct tcp_sock *)ctx->skaddr;
	struct connection *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return count_lost();
	event->pid = begin->pid;
	__builtin_memcpy(event->comm, begin->comm, sizeof(event->comm));
	__builtin_memcpy(&event->local, ctx->saddr, sizeof(event->local));
	__builtin_memcpy(&event->remote, ctx->daddr, sizeof(event->remote));
	event->local_port = ctx->sport;
	event->remote_port = ctx->dport;
	event->sent = BPF_CORE_READ(tcp, bytes_acked);
	event->received = BPF_CORE_READ(tcp, bytes_received);
	event->us = (bpf_ktime_get_ns() - begin->ns) / 1000;
	bpf_ringbuf_submit(event, 0);
}

SEC("tp/sock/inet_sock_set_state")
int tcplife(struct trace_event_raw_inet_sock_set_state *ctx)
{
	__u64 socket = (__u64)ctx->skaddr;
	int state = ctx->newstate;
	struct begin *begin;

	if (ctx->family != AF_INET || ctx->protocol != IPPROTO_TCP)
		return 0;
	if (state == TCP_SYN_SENT || state == TCP_SYN_RECV)
		start(socket, state);
	if (state != TCP_CLOSE)
		return 0;
	begin = bpf_map_lookup_elem(&sockets, &socket);
	if (begin) {
		report(ctx, begin);
		bpf_map_delete_elem(&sockets, &socket);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

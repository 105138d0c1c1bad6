/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tcpconn: who connects where, over IPv4. Based on lesson 21.2.1 of the course.
 *
 * Demonstrates passing state from a kprobe to a kretprobe: the *socket*, keyed by thread, whose
 * addresses are set on return. A result of 0 means that a SYN was sent, not that the peer has
 * answered; tcplife in 03.1-tools tracks whole connections.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct connect {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	__be32 to;
	__be16 port;
	int ret;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct connect);

SEC("kprobe/tcp_connect")
int BPF_KPROBE(tcpconn_entry, struct sock *sk)
{
	__u64 thread = bpf_get_current_pid_tgid(), socket = (__u64)sk;

	bpf_map_update_elem(&sockets, &thread, &socket, BPF_ANY);
	return 0;
}

SEC("kretprobe/tcp_connect")
int BPF_KRETPROBE(tcpconn_return, int ret)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *socket = bpf_map_lookup_elem(&sockets, &thread);
	struct connect *event;
	struct sock *sk;

	if (!socket)
		return 0;
	sk = (struct sock *)*socket;
	bpf_map_delete_elem(&sockets, &thread);
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = thread >> 32;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->to = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	event->port = BPF_CORE_READ(sk, __sk_common.skc_dport);
	event->ret = ret;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

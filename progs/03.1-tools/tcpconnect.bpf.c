/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tcpconnect: outgoing TCP connections over IPv4 and IPv6. Based on lesson 21.3.1 of the course.
 *
 * Demonstrates a kprobe in the middle of a system call, where both families meet and the addresses
 * are known, but nothing has been sent. Both kinds of address fit in 16 bytes: IPv4 is stored as
 * ::ffff:a.b.c.d. The type ip_addr_t tells the viewer, and __be16 marks a port in network byte
 * order.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>
#include <bpf/sonde_show.h>

struct connect {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	__u8 ip;
	ip_addr_t saddr;
	ip_addr_t daddr;
	__u8 pad;
	__be16 dport;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct connect);

static __always_inline void mapped(ip_addr_t *out, __be32 ip4)
{
	__builtin_memset(out, 0, sizeof(*out));
	out->bytes[10] = out->bytes[11] = 0xff;
	__builtin_memcpy(&out->bytes[12], &ip4, sizeof(ip4));
}

SEC("kprobe/tcp_connect")
int BPF_KPROBE(tcpconnect, struct sock *sk)
{
	struct connect *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->pad = 0;
	event->dport = BPF_CORE_READ(sk, __sk_common.skc_dport);
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET) {
		event->ip = 4;
		mapped(&event->saddr, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
		mapped(&event->daddr, BPF_CORE_READ(sk, __sk_common.skc_daddr));
	} else {
		event->ip = 6;
		BPF_CORE_READ_INTO(&event->saddr, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&event->daddr, sk, __sk_common.skc_v6_daddr);
	}
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tcptx: who sends how much over TCP. After the course's example 07.
 *
 *	sonde run build/progs/tcptx.bpf.o
 *
 * Learned here:
 * - A kprobe is a breakpoint at the entry of nearly any kernel function. Its context is the CPU's
 *   registers; BPF_KPROBE knows in which of them this architecture passes arguments, so the object
 *   is compiled for one (make BPF_ARCH=arm64).
 * - The arguments are those of tcp_sendmsg() in the kernel's source. No one promises that they stay
 *   so; 09-tcpfent asks BTF instead.
 *
 * Over the ssh connection that you watch with, each line shown is sent and makes the next one:
 * --set not_pid=... leaves sshd out.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct sent {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	__u64 bytes;
};

const volatile pid_t not_pid = 0;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct sent);

SEC("kprobe/tcp_sendmsg")
int BPF_KPROBE(tcptx, struct sock *sk, struct msghdr *msg, size_t size)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	struct sent *event;

	if (pid == not_pid)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = pid;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->bytes = size;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tcptx: TCP data sent, by process. Based on example 07 of the course.
 *
 *	sonde run build/progs/tcptx.bpf.o
 *
 * Demonstrates:
 * - A kprobe is a breakpoint at the entry of nearly any kernel function. Its context is the CPU's
 *   registers. BPF_KPROBE knows which of them hold arguments on this architecture, so the object is
 *   compiled for one (make BPF_ARCH=arm64).
 * - The arguments are those of tcp_sendmsg() in the kernel source, which may change without notice;
 *   09-tcpfent takes them from BTF.
 *
 * If you watch over ssh, each line shown is sent as well and produces the next one: exclude sshd
 * with --set not_pid=...
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

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tcpfent: size and result of each TCP send. Based on example 09 of the course.
 *
 *	sonde run build/progs/tcpfent.bpf.o
 *
 * Demonstrates:
 * - fentry and fexit replace kprobe and kretprobe without a breakpoint: the kernel patches a direct
 *   call into the function. This is faster, and the same source works on every architecture that
 *   supports it.
 * - Arguments have the types of BTF: the loader looks up tcp_sendmsg, and the verifier knows the
 *   type of each pointer.
 * - fexit has the arguments *and* the result, so size and result need only one hook; a kretprobe
 *   would require a map.
 *
 * Requires Linux 5.5 with BTF, and a newer kernel on architectures other than x86 (arm64: 6.0).
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct send {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	__u64 size; /* bytes requested */
	int ret;    /* bytes accepted, or negative error number */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct send);

SEC("fexit/tcp_sendmsg")
int BPF_PROG(tcpfent, struct sock *sk, struct msghdr *msg, size_t size, int ret)
{
	struct send *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->size = size;
	event->ret = ret;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

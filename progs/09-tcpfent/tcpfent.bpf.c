/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tcpfent: what each TCP send asked for, and what it got. After the course's example 09.
 *
 *	sonde run build/progs/tcpfent.bpf.o
 *
 * Learned here:
 * - fentry and fexit are kprobe and kretprobe without the breakpoint: the kernel patches a direct
 *   call into the function. Faster, and the same source serves every architecture that has them.
 * - Arguments come with their types from BTF; the loader looks tcp_sendmsg up there, and the
 *   verifier knows what each pointer points to.
 * - fexit has the arguments *and* the result. Size and answer need one hook only, while a kretprobe
 *   would need a map.
 *
 * Needs Linux 5.5 with BTF, and for other architectures than x86 a newer one (arm64: 6.0).
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct send {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	__u64 size; /* bytes that were to be sent */
	int ret;    /* bytes that were taken, or negative error number */
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

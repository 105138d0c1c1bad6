/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * forks: who is whose child. After the course's lesson 21.5.3.
 *
 * Learned here: the layout of a tracepoint's record is no promise either. The names in this one
 * became references to strings in Linux 6.18, and so both pids have moved; by CO-RE they are found
 * anyway.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct fork {
	pid_t parent;
	pid_t child;
	char comm[TASK_COMM_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct fork);

SEC("tp/sched/sched_process_fork")
int forks(struct trace_event_raw_sched_process_fork *ctx)
{
	struct fork *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_lost();
		return 0;
	}
	event->parent = ctx->parent_pid;
	event->child = ctx->child_pid;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

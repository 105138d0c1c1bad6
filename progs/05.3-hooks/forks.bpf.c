/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * forks: parents and their children. Based on lesson 21.5.3 of the course.
 *
 * Demonstrates that even the layout of a tracepoint record may change. In Linux 6.18 the names in
 * this one became references to strings, which moved both pids; CO-RE finds them all the same.
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

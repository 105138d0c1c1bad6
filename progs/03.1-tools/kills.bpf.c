/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * kills: who sends which signal to whom, with the result. Based on lesson 21.3.1 of the course,
 * which uses killsnoop.
 *
 * Demonstrates arguments at entry, the result at exit, and a struct in a map between them. A
 * negative target is a process group; signal 0 only tests whether the process exists.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct kill {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	int sig;
	int target;
	int result;
};

struct sent {
	int target;
	int sig;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct kill);

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct sent);
} sending SEC(".maps");

SEC("tp/syscalls/sys_enter_kill")
int kills_enter(struct trace_event_raw_sys_enter *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	unsigned long target = ctx->args[0], sig = ctx->args[1];
	struct sent sent = {(int)target, (int)sig};

	bpf_map_update_elem(&sending, &thread, &sent, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_kill")
int kills_exit(struct trace_event_raw_sys_exit *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct sent *sent = bpf_map_lookup_elem(&sending, &thread);
	long ret = ctx->ret;
	struct kill *event;

	if (!sent)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (event) {
		event->pid = thread >> 32;
		bpf_get_current_comm(event->comm, sizeof(event->comm));
		event->sig = sent->sig;
		event->target = sent->target;
		event->result = (int)ret;
		bpf_ringbuf_submit(event, 0);
	} else {
		count_lost();
	}
	bpf_map_delete_elem(&sending, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

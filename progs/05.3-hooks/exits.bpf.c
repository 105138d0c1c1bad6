/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * exits: processes that exit, and how. Based on lesson 21.5.3 of the course.
 *
 * Demonstrates reading from the task what the record lacks. exit_code is in the format of wait(2):
 * the signal in the lower 7 bits, the exit status in the next byte. Threads exit here as well; a
 * process has exited when its first thread, whose pid equals its tgid, has.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct end {
	pid_t pid;
	__u32 status;
	__u32 signal;
	char comm[TASK_COMM_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct end);

SEC("tp/sched/sched_process_exit")
int exits(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 thread = bpf_get_current_pid_tgid();
	struct end *event;
	int code;

	if (thread >> 32 != (__u32)thread)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		count_lost();
		return 0;
	}
	code = BPF_CORE_READ(task, exit_code);
	event->pid = thread >> 32;
	event->status = code >> 8 & 0xff;
	event->signal = code & 0x7f;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

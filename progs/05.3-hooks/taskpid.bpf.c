/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * taskpid: who starts programs, with the parent process. Based on lessons 21.2.1 and 21.4.1 of the
 * course.
 *
 * Demonstrates bpf_get_current_task(), which returns the kernel's own structure for the process,
 * and BPF_CORE_READ, which follows pointers in it. The offsets are those of the running kernel: the
 * compiler records the *names* of the members, the loader looks them up in BTF.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct task {
	pid_t pid;
	pid_t parent;
	char comm[TASK_COMM_LEN];
	char parent_comm[TASK_COMM_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct task);

SEC("ksyscall/execve")
int taskpid(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct task *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = BPF_CORE_READ(task, tgid);
	event->parent = BPF_CORE_READ(task, real_parent, tgid);
	BPF_CORE_READ_STR_INTO(&event->comm, task, comm);
	BPF_CORE_READ_STR_INTO(&event->parent_comm, task, real_parent, comm);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

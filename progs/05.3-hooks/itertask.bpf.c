/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * itertask: a list of all processes, formatted in the kernel. Based on lesson 21.4.1 of the course.
 *
 * Demonstrates an iterator, which runs when user space *reads*. The kernel calls it for each task,
 * and the text it prints is returned by read(2); a last call has no task. Files in /proc are
 * produced the same way.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("iter/task")
int itertask(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;

	if (!task)
		return 0;
	if (ctx->meta->seq_num == 0)
		BPF_SEQ_PRINTF(seq, "    PID COMM\n");
	if (task->pid == task->tgid)
		BPF_SEQ_PRINTF(seq, "%7d %s\n", task->pid, task->comm);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

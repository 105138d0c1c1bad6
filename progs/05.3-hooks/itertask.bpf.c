/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * itertask: a list of all processes, written in the kernel. After the course's lesson 21.4.1.
 *
 * Learned here: an iterator runs when somebody *reads*. The kernel calls it for each of its tasks,
 * and what it prints is the text that read(2) returns; last, once more without a task. Files of
 * /proc are made the same way.
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

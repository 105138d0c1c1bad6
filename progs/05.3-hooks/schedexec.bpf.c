/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * schedexec: every program started, by its own name. Based on lesson 21.4.1 of the course.
 *
 * Demonstrates the hook after execve. At the entry of execve the process is unchanged, and the call
 * may fail: a shell tries every directory in PATH. sched_process_exec fires on success, and comm is
 * the new name. The file name is a string stored after the record, at the offset in the lower half
 * of __data_loc_filename.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct started {
	pid_t pid;
	uid_t uid;
	char comm[TASK_COMM_LEN];
	char filename[128];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct started);

SEC("tp/sched/sched_process_exec")
int schedexec(struct trace_event_raw_sched_process_exec *ctx)
{
	struct started *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = (uid_t)bpf_get_current_uid_gid();
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_probe_read_kernel_str(event->filename, sizeof(event->filename),
		(void *)ctx + (ctx->__data_loc_filename & 0xffff));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

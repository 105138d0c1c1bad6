/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * openstream: one record per opened file. Based on lesson 21.2.2 of the course.
 *
 * Demonstrates a ring buffer. All CPUs write to the same one, so records are in order; user space
 * maps its memory and reads without system calls. The size is in bytes, a power of two.
 *
 * Pitfall avoided: it is not true that a ring buffer never loses records. If the reader is too
 * slow, reserve returns NULL; these cases are counted.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct open_record {
	pid_t pid;
	uid_t uid;
	char comm[TASK_COMM_LEN];
	char file[256];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct open_record);

SEC("tp/syscalls/sys_enter_openat")
int openstream(struct trace_event_raw_sys_enter *ctx)
{
	struct open_record *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);

	if (!record) {
		count_lost();
		return 0;
	}
	record->pid = bpf_get_current_pid_tgid() >> 32;
	record->uid = (uid_t)bpf_get_current_uid_gid();
	bpf_get_current_comm(record->comm, sizeof(record->comm));
	if (bpf_probe_read_user_str(record->file, sizeof(record->file), (void *)ctx->args[1]) < 0)
		record->file[0] = '\0';
	bpf_ringbuf_submit(record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

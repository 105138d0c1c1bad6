/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * readnoexist: the result of each process's first read. Based on lesson 21.2.2 of the course.
 *
 * Demonstrates the flags of bpf_map_update_elem(). BPF_ANY inserts or overwrites, BPF_EXIST only
 * overwrites, BPF_NOEXIST only inserts and returns -EEXIST (-17) if the key exists. User space uses
 * the same flags.
 *
 * Pitfall avoided: before Linux 6.3 map helpers return an int, whose upper half in the register is
 * undefined. Stored in a long, the result would not equal -17.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum { EEXIST = 17 };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, pid_t);
	__type(value, __u64);
} first_bytes SEC(".maps");

__u64 were_first, came_later;

SEC("tp/syscalls/sys_exit_read")
int readnoexist(struct trace_event_raw_sys_exit *ctx)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	__u64 bytes = ctx->ret;
	int error;

	if ((long)bytes < 0)
		return 0;
	error = bpf_map_update_elem(&first_bytes, &pid, &bytes, BPF_NOEXIST);
	if (!error)
		__sync_fetch_and_add(&were_first, 1);
	else if (error == -EEXIST)
		__sync_fetch_and_add(&came_later, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

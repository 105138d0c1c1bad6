/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * readbytes: number and size of reads by process. Based on example 02 of the course.
 *
 *	sonde run build/progs/readbytes.bpf.o
 *
 * Demonstrates:
 * - The *exit* of a system call has the result: the number of bytes, or a negative error number.
 * - The value of a map may be a struct. The columns of the table come from its BTF.
 *
 * Pitfalls avoided:
 * - Two threads of a process may get here at the same time. With BPF_ANY, the second would
 *   overwrite what the first has just counted; BPF_NOEXIST inserts zeros once, and both add
 *   atomically.
 * - The record layout is that of the running kernel, by CO-RE. A copy of the tracepoint's format
 *   file would be right on 64-bit kernels only.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct reads {
	__u64 count;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, pid_t);
	__type(value, struct reads);
} read_stats SEC(".maps");

SEC("tp/syscalls/sys_exit_read")
int readbytes(struct trace_event_raw_sys_exit *ctx)
{
	static const struct reads none;
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	long bytes = ctx->ret;
	struct reads *reads;

	if (bytes < 0)
		return 0;
	reads = bpf_map_lookup_elem(&read_stats, &pid);
	if (!reads) {
		bpf_map_update_elem(&read_stats, &pid, &none, BPF_NOEXIST);
		reads = bpf_map_lookup_elem(&read_stats, &pid);
		if (!reads)
			return 0; /* the map is full */
	}
	__sync_fetch_and_add(&reads->count, 1);
	__sync_fetch_and_add(&reads->bytes, bytes);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

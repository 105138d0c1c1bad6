/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * conwrite: writes to standard output and standard error by process. Based on lessons 21.2.1 and
 * 21.5.1 of the course.
 *
 * Demonstrates a struct as key. All of its bytes count, including padding (see
 * verifier/v11_padding); this one has none.
 *
 * Pitfall avoided: if each write produced a line, the reader would write that line to *its*
 * standard output, which produces the next line. Counts do not feed back.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct where {
	pid_t pid;
	__u32 fd;
};

struct written {
	__u64 calls;
	__u64 bytes; /* requested */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct where);
	__type(value, struct written);
} writes SEC(".maps");

SEC("tp/syscalls/sys_enter_write")
int conwrite(struct trace_event_raw_sys_enter *ctx)
{
	struct where where = {bpf_get_current_pid_tgid() >> 32, (__u32)ctx->args[0]};
	struct written *written, none = {};
	unsigned long bytes = ctx->args[2];

	if (where.fd != 1 && where.fd != 2)
		return 0;
	written = bpf_map_lookup_elem(&writes, &where);
	if (!written) {
		bpf_map_update_elem(&writes, &where, &none, BPF_NOEXIST);
		written = bpf_map_lookup_elem(&writes, &where);
		if (!written)
			return 0;
	}
	__sync_fetch_and_add(&written->calls, 1);
	__sync_fetch_and_add(&written->bytes, bytes);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

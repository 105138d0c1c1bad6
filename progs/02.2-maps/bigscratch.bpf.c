/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * bigscratch: the longest path that was opened. Based on lessons 21.2.1 to 21.2.3 of the course.
 *
 * Demonstrates scratch memory. The stack of a program has 512 bytes, a path up to 4096. A per-CPU
 * array of one element holds what is larger: nothing else uses this CPU's element while the program
 * runs.
 *
 * Pitfall avoided: the length comes from a helper, and the verifier requires proof that it is a
 * valid index before it is used as one.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum { PATH_MAX = 4096 };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[PATH_MAX]);
} scratch SEC(".maps");

/* Length including the NUL, and the last character. */
__u64 longest;
char last_letter;

SEC("tp/syscalls/sys_enter_openat")
int bigscratch(struct trace_event_raw_sys_enter *ctx)
{
	__u32 slot = 0;
	char *path = bpf_map_lookup_elem(&scratch, &slot);
	long length;

	if (!path)
		return 0;
	length = bpf_probe_read_user_str(path, PATH_MAX, (void *)ctx->args[1]);
	if (length < 2 || length > PATH_MAX || (__u64)length <= longest)
		return 0;
	longest = length;
	last_letter = path[(length - 2) & (PATH_MAX - 1)];
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

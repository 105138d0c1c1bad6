/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * bigscratch: the longest path that anybody has opened. After the course's lessons 21.2.1
 * to 21.2.3.
 *
 * Learned here: the stack of a program has 512 bytes, a path up to 4096. A per-CPU array of one
 * element is the place for what is larger: nobody else uses our CPU's element while we run.
 *
 * Trap avoided: the length comes from a helper, and the verifier wants to know that it is a
 * possible index before anything is written there.
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

/* Its length, with the final zero, and its last letter. */
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

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * openbypid: number of files opened by process. Based on lesson 21.2.1 of the course.
 *
 * Demonstrates a hash map, which finds a value by an arbitrary key. A missing key is inserted with
 * value 0 and looked up again, so that two CPUs that do so at the same time both count.
 *
 * Pitfall avoided: the course counts at sys_enter_open, which current C libraries do not use; see
 * 06-opentap.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, pid_t);
	__type(value, __u64);
} opens SEC(".maps");

SEC("tp/syscalls/sys_enter_openat")
int openbypid(void *ctx)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *count = bpf_map_lookup_elem(&opens, &pid), zero = 0;

	if (!count) {
		bpf_map_update_elem(&opens, &pid, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&opens, &pid);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * execbypid: calls of execve by process. Based on example 13 of the course.
 *
 *	sonde run build/progs/execbypid.bpf.o --every 1s
 *
 * Demonstrates ksyscall, a kprobe on a system call by its name in the manual. The kernel function
 * is __x64_sys_execve on this architecture and has another name elsewhere.
 *
 * Pitfalls avoided:
 * - kprobe/sys_execve, as in the course, names a function that x86 kernels have not had since 4.17.
 * - `(*count)++` loses counts when two CPUs execute it at once; this addition is atomic.
 * - Processes come and go: an LRU map evicts the oldest entries, while a plain one would fill up.
 * - The table is read from its very first entry, whatever the key.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, pid_t);
	__type(value, __u64);
} counts SEC(".maps");

SEC("ksyscall/execve")
int execbypid(void *ctx)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *count = bpf_map_lookup_elem(&counts, &pid), zero = 0;

	if (!count) {
		bpf_map_update_elem(&counts, &pid, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&counts, &pid);
		if (!count)
			return 0;
	}
	__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

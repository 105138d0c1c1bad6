/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * execbypid: how often each process has called execve. After the course's example 13.
 *
 *	sonde run build/progs/execbypid.bpf.o --every 1s
 *
 * Learned here: ksyscall is a kprobe on a system call, by the name that it has in the manual. The
 * kernel function behind it is __x64_sys_execve here and another one elsewhere.
 *
 * Traps avoided:
 * - kprobe/sys_execve, as in the course, names a function that x86 kernels have not had since 4.17.
 * - `(*count)++` loses counts when two CPUs are at it; this addition is atomic.
 * - Processes come and go: an LRU map drops the oldest entries, a plain one would be full one day.
 * - The table is read from its very first entry on, whatever its key is.
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

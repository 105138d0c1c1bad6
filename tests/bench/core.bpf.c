/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A minimal useful CO-RE program: counts the programs that each process has started, by the pid of
 * the parent. It reads two fields of task_struct and has no ring buffer, so all resident memory is
 * the loader's own.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, pid_t);
	__type(value, __u64);
} children SEC(".maps");

SEC("tp/syscalls/sys_enter_execve")
int core(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	pid_t parent = BPF_CORE_READ(task, real_parent, tgid);
	__u64 *count = bpf_map_lookup_elem(&children, &parent), one = 1;

	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&children, &parent, &one, BPF_NOEXIST);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

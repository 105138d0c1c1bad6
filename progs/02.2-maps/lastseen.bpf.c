/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * lastseen: when each process last started a program. Based on lesson 21.5.2 of the course.
 *
 * Demonstrates BPF_ANY: the last writer wins, which is right for anything but counts.
 * bpf_ktime_get_ns() is CLOCK_MONOTONIC: nanoseconds since boot, excluding suspend.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10000);
	__type(key, pid_t);
	__type(value, __u64);
} last_ns SEC(".maps");

SEC("tp/syscalls/sys_enter_execve")
int lastseen(void *ctx)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&last_ns, &pid, &now, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P9: the start time of a call, keyed by process (wrong) and by thread (right). */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile pid_t only_pid;
__u64 entered, found_by_process, found_by_thread;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u64);
} by_process SEC(".maps"), by_thread SEC(".maps");

static bool is_other(__u64 id)
{
	return id >> 32 != only_pid;
}

SEC("tp/syscalls/sys_enter_nanosleep")
int sleeps(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid(), process = id >> 32, now = bpf_ktime_get_ns();

	if (is_other(id))
		return 0;
	__sync_fetch_and_add(&entered, 1);
	bpf_map_update_elem(&by_process, &process, &now, BPF_ANY);
	bpf_map_update_elem(&by_thread, &id, &now, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_nanosleep")
int wakes(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid(), process = id >> 32;

	if (is_other(id))
		return 0;
	if (!bpf_map_delete_elem(&by_process, &process))
		__sync_fetch_and_add(&found_by_process, 1);
	if (!bpf_map_delete_elem(&by_thread, &id))
		__sync_fetch_and_add(&found_by_thread, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

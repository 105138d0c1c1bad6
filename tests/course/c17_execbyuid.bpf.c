/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Counts execve per user. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct execve_args {
	unsigned long long unused;
	long id;
	unsigned long args[6];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} exec_count SEC(".maps");

SEC("tp/syscalls/sys_enter_execve")
int count_exec(struct execve_args *ctx)
{
	__u32 uid = bpf_get_current_uid_gid();
	__u64 *count, one = 1;

	count = bpf_map_lookup_elem(&exec_count, &uid);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&exec_count, &uid, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

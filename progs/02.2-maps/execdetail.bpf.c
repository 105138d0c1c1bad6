/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * execdetail: by user, the number of programs started, when the last one was, and by what. Based on
 * lesson 21.5.2 of the course.
 *
 * Demonstrates a struct as value, whose members become columns. The count is added atomically; the
 * other members are those of the last writer. Nothing guarantees that all three belong to the same
 * event: spinlock shows how to get that.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct detail {
	__u64 count;
	__u64 last_ns;
	char by[TASK_COMM_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, uid_t);
	__type(value, struct detail);
} details SEC(".maps");

SEC("tp/syscalls/sys_enter_execve")
int execdetail(void *ctx)
{
	static const struct detail none;
	uid_t uid = (uid_t)bpf_get_current_uid_gid();
	struct detail *detail = bpf_map_lookup_elem(&details, &uid);

	if (!detail) {
		bpf_map_update_elem(&details, &uid, &none, BPF_NOEXIST);
		detail = bpf_map_lookup_elem(&details, &uid);
		if (!detail)
			return 0;
	}
	__sync_fetch_and_add(&detail->count, 1);
	detail->last_ns = bpf_ktime_get_ns();
	bpf_get_current_comm(detail->by, sizeof(detail->by));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

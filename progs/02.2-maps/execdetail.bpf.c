/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * execdetail: for each user, how many programs were started, when the last one, and by what. After
 * the course's lesson 21.5.2.
 *
 * Learned here: a structure as value. Its members are columns; the count is added atomically, the
 * rest is that of whoever comes last. That the three belong to the same moment is not promised:
 * spinlock shows what would.
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

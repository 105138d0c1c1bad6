/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Counts calls and bytes of read(2) per process. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Copied by hand from the event's format file. */
struct sys_exit_read_args {
	unsigned long long unused;
	long id;
	long ret;
};

struct read_info {
	__u64 count;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct read_info);
} read_stats SEC(".maps");

SEC("tracepoint/syscalls/sys_exit_read")
int trace_read(struct sys_exit_read_args *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct read_info *info;

	if (ctx->ret < 0)
		return 0;

	info = bpf_map_lookup_elem(&read_stats, &pid);
	if (info) {
		__sync_fetch_and_add(&info->count, 1);
		__sync_fetch_and_add(&info->bytes, ctx->ret);
	} else {
		struct read_info first = {.count = 1, .bytes = ctx->ret};

		bpf_map_update_elem(&read_stats, &pid, &first, BPF_ANY);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

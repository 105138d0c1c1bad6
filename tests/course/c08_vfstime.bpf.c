/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Duration of vfs_read. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} start_times SEC(".maps");

SEC("kprobe/vfs_read")
int vfs_read_entry(struct pt_regs *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 ts = bpf_ktime_get_ns();

	bpf_map_update_elem(&start_times, &pid, &ts, BPF_ANY);
	return 0;
}

SEC("kretprobe/vfs_read")
int vfs_read_return(struct pt_regs *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *ts = bpf_map_lookup_elem(&start_times, &pid);
	__u64 delta;

	if (!ts)
		return 0;
	delta = bpf_ktime_get_ns() - *ts;
	bpf_printk("vfs_read: pid %d, %llu us, ret %ld\n", pid, delta / 1000, PT_REGS_RC(ctx));
	bpf_map_delete_elem(&start_times, &pid);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

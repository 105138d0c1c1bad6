/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One event per openat(2), with the file name from its entry and the result from its exit. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event {
	__u32 pid;
	__u32 uid;
	char comm[16];
	int ret;
	char filename[256];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, const char *);
} tmp_filename SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int enter_openat(struct trace_event_raw_sys_enter *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	const char *filename = (const char *)ctx->args[1];

	bpf_map_update_elem(&tmp_filename, &pid, &filename, BPF_ANY);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_openat")
int exit_openat(struct trace_event_raw_sys_exit *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	const char **filename = bpf_map_lookup_elem(&tmp_filename, &pid);
	struct event *e;

	if (!filename)
		return 0;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (e) {
		e->pid = pid;
		e->uid = bpf_get_current_uid_gid() & 0xffffffff;
		bpf_get_current_comm(&e->comm, sizeof(e->comm));
		e->ret = ctx->ret;
		bpf_probe_read_user_str(&e->filename, sizeof(e->filename), *filename);
		bpf_ringbuf_submit(e, 0);
	}
	bpf_map_delete_elem(&tmp_filename, &pid);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

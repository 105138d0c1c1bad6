/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* An event for each open(2), not openat(2). */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct open_args {
	unsigned long long unused;
	long id;
	unsigned long args[6];
};

struct event {
	__u32 pid;
	__u32 uid;
	char comm[16];
	char filename[256];
	int flags;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 262144);
} events SEC(".maps");

SEC("tp/syscalls/sys_enter_open")
int trace_open(struct open_args *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(struct event), 0);

	if (!e)
		return 0;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	e->uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	bpf_probe_read_user_str(e->filename, sizeof(e->filename), (const char *)ctx->args[0]);
	e->flags = (int)ctx->args[1];
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* As in retsnoop: several kinds of records in one ring buffer, told apart by their first member. */
#include "style.bpf.h"

enum kind { SESSION_START, SESSION_END };
struct session_start {
	enum kind type;
	int pid;
	__u64 start_ts;
	char task_comm[16];
};
struct session_end {
	enum kind type;
	int pid;
	__u64 emit_ts;
	__u64 lat_ns;
	long ret;
};
RING(rb);
MAP(sessions, HASH, __u32, __u64, 4096);

SEC("tracepoint/syscalls/sys_enter_openat")
int entry(void *ctx)
{
	struct session_start *s = bpf_ringbuf_reserve(&rb, sizeof(*s), 0);
	__u32 pid = (__u32)bpf_get_current_pid_tgid();
	__u64 ts = bpf_ktime_get_ns();

	bpf_map_update_elem(&sessions, &pid, &ts, BPF_ANY);
	if (!s)
		return 0;
	s->type = SESSION_START;
	s->pid = (int)pid;
	s->start_ts = ts;
	bpf_get_current_comm(s->task_comm, sizeof(s->task_comm));
	bpf_ringbuf_submit(s, 0);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_openat")
int exit_openat(struct trace_event_raw_sys_exit *ctx)
{
	__u32 pid = (__u32)bpf_get_current_pid_tgid();
	__u64 *ts = bpf_map_lookup_elem(&sessions, &pid);
	struct session_end e = {.type = SESSION_END};

	if (!ts)
		return 0;
	e.pid = (int)pid;
	e.emit_ts = bpf_ktime_get_ns();
	e.lat_ns = e.emit_ts - *ts;
	e.ret = ctx->ret;
	bpf_ringbuf_output(&rb, &e, sizeof(e), 0);
	return 0;
}

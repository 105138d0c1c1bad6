/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* As for inspektor-gadget: nested structs, and a pointer whose name tells the type of the map. */
#include "style.bpf.h"

typedef __u64 gadget_mntns_id;
struct gadget_process {
	char comm[16];
	__u32 pid, tid;
	gadget_mntns_id mntns_id;
};
struct event {
	__u64 timestamp_raw;
	struct gadget_process proc;
	int flags_raw;
	char fname[255];
};
RING(events);
const void *gadget_tracer_open___events___event __attribute__((unused));
struct event *gadget_type_event __attribute__((unused));

SEC("tracepoint/syscalls/sys_enter_openat")
int ig_open_e(struct trace_event_raw_sys_enter *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	__u64 id = bpf_get_current_pid_tgid();

	if (!event)
		return 0;
	event->timestamp_raw = bpf_ktime_get_boot_ns();
	event->proc.pid = id >> 32;
	event->proc.tid = (__u32)id;
	event->proc.mntns_id = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	bpf_get_current_comm(&event->proc.comm, sizeof(event->proc.comm));
	event->flags_raw = (int)ctx->args[2];
	bpf_probe_read_user_str(event->fname, sizeof(event->fname), (void *)ctx->args[1]);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

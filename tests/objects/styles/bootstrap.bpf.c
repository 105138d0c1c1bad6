/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* As in the template of libbpf-bootstrap: one ring buffer, a struct for two kinds of events. */
#include "style.bpf.h"

struct event {
	int pid, ppid;
	unsigned exit_code;
	unsigned long long duration_ns;
	char comm[16];
	char filename[127];
	bool exit_event;
};
MAP(start, HASH, pid_t, __u64, 8192);
RING(rb);
const volatile unsigned long long min_duration_ns = 0;

SEC("tp/sched/sched_process_exec")
int handle_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	unsigned place = ctx->__data_loc_filename & 0xffff;
	struct task_struct *task;
	struct event *e;
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	__u64 ts = bpf_ktime_get_ns();

	bpf_map_update_elem(&start, &pid, &ts, BPF_ANY);
	e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0);
	if (!e)
		return 0;
	task = (struct task_struct *)bpf_get_current_task();
	e->exit_event = false;
	e->pid = pid;
	e->ppid = BPF_CORE_READ(task, real_parent, tgid);
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
	bpf_probe_read_str(&e->filename, sizeof(e->filename), (void *)ctx + place);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tp/sched/sched_process_exit")
int handle_exit(void *ctx)
{
	struct event *e;
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *begin = bpf_map_lookup_elem(&start, &pid), duration = 0;

	if (pid != (pid_t)bpf_get_current_pid_tgid())
		return 0;
	if (begin)
		duration = bpf_ktime_get_ns() - *begin;
	if (duration < min_duration_ns)
		return 0;
	e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0);
	if (!e)
		return 0;
	e->exit_event = true;
	e->duration_ns = duration;
	e->pid = pid;
	e->exit_code = 0;
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
	bpf_ringbuf_submit(e, 0);
	return 0;
}

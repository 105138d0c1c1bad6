/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* As in tetragon: records of variable size, built in an element of a per-CPU array. */
#include "style.bpf.h"

struct msg_common {
	__u8 op, flags, pad[2];
	__u32 size;
	__u64 ktime;
};
struct msg_execve {
	struct msg_common common;
	__u32 pid, tid;
	__u64 nspid;
	char filename[256];
};
MAP(heap, PERCPU_ARRAY, __u32, struct msg_execve, 1);
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, int);
	__type(value, __u32);
} tcpmon_map SEC(".maps");

SEC("tracepoint/sched/sched_process_exec")
int event_execve(struct trace_event_raw_sched_process_exec *ctx)
{
	unsigned place = ctx->__data_loc_filename & 0xffff;
	__u32 zero = 0;
	struct msg_execve *m = bpf_map_lookup_elem(&heap, &zero);
	__u64 size = __builtin_offsetof(struct msg_execve, filename);
	long n;

	if (!m)
		return 0;
	m->common.op = 5;
	m->common.flags = 0;
	m->common.ktime = bpf_ktime_get_ns();
	m->pid = bpf_get_current_pid_tgid() >> 32;
	m->tid = (__u32)bpf_get_current_pid_tgid();
	m->nspid = 0;
	n = bpf_probe_read_str(m->filename, sizeof(m->filename), (void *)ctx + place);
	if (n > 0)
		size += n & 255;
	m->common.size = (__u32)size;
	bpf_perf_event_output(ctx, &tcpmon_map, BPF_F_CURRENT_CPU, m, size);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* As in bpf-developer-tutorial and for eunomia: a perf event array, a record on the stack. */
#include "style.bpf.h"

struct data_t {
	__u32 pid, uid;
	__s64 dfd;
	char command[16];
	char fname[100];
};
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int tracepoint__openat(struct trace_event_raw_sys_enter *ctx)
{
	struct data_t data = {};

	data.pid = bpf_get_current_pid_tgid() >> 32;
	data.uid = bpf_get_current_uid_gid() & 0xFFFFFFFF;
	data.dfd = ctx->args[0];
	bpf_get_current_comm(&data.command, sizeof(data.command));
	bpf_probe_read_user_str(&data.fname, sizeof(data.fname), (void *)ctx->args[1]);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &data, sizeof(data));
	return 0;
}

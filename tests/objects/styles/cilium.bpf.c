/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* As for cilium/ebpf: the ring buffer has a value type, and a global pointer makes bpf2go see it. */
#include "style.bpf.h"

struct event {
	__u32 pid;
	__u8 comm[16];
	__s64 flags;
};
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
	__type(value, struct event);
} events SEC(".maps");
const struct event *unused __attribute__((unused));

SEC("tracepoint/syscalls/sys_enter_openat")
int enter(struct trace_event_raw_sys_enter *ctx)
{
	struct event *info = bpf_ringbuf_reserve(&events, sizeof(struct event), 0);

	if (!info)
		return 0;
	info->pid = bpf_get_current_pid_tgid() >> 32;
	info->flags = ctx->args[2];
	bpf_get_current_comm(&info->comm, 16);
	bpf_ringbuf_submit(info, 0);
	return 0;
}

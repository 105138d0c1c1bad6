/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Each execve sends a record through a ring buffer and through a perf event array. 4096 bytes are a ring
 * buffer only where pages are that small. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");

struct executed {
	__u32 pid;
	char padding[60];
};
SONDE_EVENT(ring, struct executed);
SONDE_EVENT(perf, struct executed);

SEC("tp/sched/sched_process_exec") int sends(void *ctx)
{
	struct executed x = {bpf_get_current_pid_tgid() >> 32};
	bpf_ringbuf_output(&ring, &x, sizeof(x), 0);
	bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &x, sizeof(x));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Samples every CPU and sends its number through a perf event array, whose size is left open. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} numbers SEC(".maps");

struct number {
	__u32 cpu;
};

SEC("perf_event") int tick(void *ctx)
{
	struct number n = {bpf_get_smp_processor_id()};
	bpf_perf_event_output(ctx, &numbers, BPF_F_CURRENT_CPU, &n, sizeof(n));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

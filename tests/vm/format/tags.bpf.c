/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One global function for the contexts of all program types, with a tagged parameter. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

__attribute__((noinline)) int sent(void *ctx __arg_ctx, int *value __arg_nonnull)
{
	int copy = *value;
	return bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &copy, sizeof copy);
}

#define PROGRAM(name, section)                                                                     \
	SEC(section) int name(void *ctx)                                                           \
	{                                                                                          \
		int value = 7;                                                                     \
		return sent(ctx, &value) && 0;                                                     \
	}
PROGRAM(of_kprobe, "kprobe/do_nanosleep")
PROGRAM(of_tracepoint, "tp/sched/sched_process_exec")
PROGRAM(of_raw_tracepoint, "raw_tp/sched_process_exec")
PROGRAM(of_perf_event, "perf_event")
PROGRAM(of_xdp, "xdp")
PROGRAM(of_tc, "tc")

char LICENSE[] SEC("license") = "GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Counts samples per CPU. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 samples[2];

SEC("perf_event") int sample(void *ctx)
{
	__sync_fetch_and_add(&samples[bpf_get_smp_processor_id() & 1], 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

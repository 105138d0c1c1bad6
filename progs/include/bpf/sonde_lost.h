/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Counts the records lost because a ring buffer was full. The loader identifies the map by its name
 * and reports the number on exit.
 *
 * One counter per CPU, so no atomic operation is needed. opensnoop does the same without this
 * header.
 */
#pragma once

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

static __always_inline void count_lost(void)
{
	__u32 slot = 0;
	__u64 *count = bpf_map_lookup_elem(&lost, &slot);

	if (count)
		*count += 1;
}

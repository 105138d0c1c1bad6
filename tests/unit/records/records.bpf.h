/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by all of these programs. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define RING(name)                                                                                 \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_RINGBUF);                                                \
		__uint(max_entries, 4096);                                                         \
	} name SEC(".maps")

#define PERF(name)                                                                                 \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);                                       \
		__uint(key_size, 4);                                                               \
		__uint(value_size, 4);                                                             \
	} name SEC(".maps")

/* An array of one element. */
#define CELL(name, map_type, element)                                                              \
	struct {                                                                                   \
		__uint(type, map_type);                                                            \
		__uint(max_entries, 1);                                                            \
		__type(key, __u32);                                                                \
		__type(value, element);                                                            \
	} name SEC(".maps")

#define PROG(name) SEC("tp/a/" #name) int name(__u64 *ctx)

char LICENSE[] SEC("license") = "GPL";

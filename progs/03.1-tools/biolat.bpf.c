/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * biolat: latency of disk requests as a log2 histogram in microseconds. Based on lesson 21.3.1 of
 * the course, which uses biolatency.
 *
 * Demonstrates how to identify a request: between issue and completion it is identified by disk and
 * sector, since a disk has one request per sector at a time. Neither the requester nor the
 * completing CPU matters. Only the histogram is passed to user space.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_show.h>

enum { SLOTS = 27 };

struct request_id {
	sector_t sector;
	__u64 disk;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct request_id);
	__type(value, __u64);
} issued SHOW_AS(nothing) SEC(".maps");

/* Element n: 2^n to 2^(n + 1) - 1 microseconds; element 0 includes shorter times. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} microseconds SHOW_AS(log2_us) SEC(".maps");

/* The record of block_rq_complete before Linux 5.18. */
struct trace_event_raw_block_rq_complete {
	dev_t dev;
	sector_t sector;
} __attribute__((preserve_access_index));

static __always_inline struct request_id completed(void *ctx)
{
	struct trace_event_raw_block_rq_complete *old = ctx;
	struct trace_event_raw_block_rq_completion *new = ctx;
	struct request_id id;

	if (bpf_core_type_exists(struct trace_event_raw_block_rq_completion)) {
		id.sector = BPF_CORE_READ(new, sector);
		id.disk = BPF_CORE_READ(new, dev);
	} else {
		id.sector = BPF_CORE_READ(old, sector);
		id.disk = BPF_CORE_READ(old, dev);
	}
	return id;
}

SEC("tp/block/block_rq_issue")
int biolat_issue(struct trace_event_raw_block_rq *ctx)
{
	struct request_id id = {ctx->sector, ctx->dev};
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&issued, &id, &now, BPF_ANY);
	return 0;
}

SEC("tp/block/block_rq_complete")
int biolat_complete(void *ctx)
{
	struct request_id id = completed(ctx);
	__u64 *start = bpf_map_lookup_elem(&issued, &id), us, *count;
	__u32 slot = 0;

	if (!start)
		return 0;
	us = (bpf_ktime_get_ns() - *start) / 1000;
	bpf_map_delete_elem(&issued, &id);
	for (int i = 0; i < SLOTS - 1 && us > 1; i++) {
		us >>= 1;
		slot++;
	}
	count = bpf_map_lookup_elem(&microseconds, &slot);
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

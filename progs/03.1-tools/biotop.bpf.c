/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * biotop: disk I/O by process and disk, with the time taken by the disk. Based on lesson 21.3.1 of
 * the course.
 *
 * Demonstrates keeping information between two hooks: the requester is known at one end, the
 * completion at the other, where an arbitrary process is interrupted. The counters have a key of
 * several members and a value of several members. File contents are written to disk later, by a
 * kernel thread, which is then the requester.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_show.h>

struct request_id {
	sector_t sector;
	__u64 disk;
};

struct who {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	dev_t disk;
	char op[4]; /* R read, W write, D discard, F flush */
};

struct asked {
	struct who who;
	__u32 bytes;
	__u64 issued_ns;
};

struct total {
	__u64 bytes;
	__u64 requests;
	__u64 took SHOW_AS(ns);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct request_id);
	__type(value, struct asked);
} issued SHOW_AS(nothing) SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct who);
	__type(value, struct total);
} disks SEC(".maps");

static __always_inline void ask(struct trace_event_raw_block_rq *ctx, __u64 issued_ns)
{
	struct request_id id = {ctx->sector, ctx->dev};
	struct asked request = {};

	request.who.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(request.who.comm, sizeof(request.who.comm));
	request.who.disk = ctx->dev;
	request.who.op[0] = ctx->rwbs[0];
	request.bytes = ctx->bytes;
	request.issued_ns = issued_ns;
	bpf_map_update_elem(&issued, &id, &request, BPF_ANY);
}

/* Inserted into the queue of the I/O scheduler, if any; another process may then issue it. */
SEC("tp/block/block_rq_insert")
int biotop_insert(struct trace_event_raw_block_rq *ctx)
{
	ask(ctx, 0);
	return 0;
}

/* Issued to the disk. */
SEC("tp/block/block_rq_issue")
int biotop_issue(struct trace_event_raw_block_rq *ctx)
{
	struct request_id id = {ctx->sector, ctx->dev};
	struct asked *inserted = bpf_map_lookup_elem(&issued, &id);

	if (inserted && !inserted->issued_ns)
		inserted->issued_ns = bpf_ktime_get_ns();
	else
		ask(ctx, bpf_ktime_get_ns());
	return 0;
}

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

SEC("tp/block/block_rq_complete")
int biotop_complete(void *ctx)
{
	struct request_id id = completed(ctx);
	struct asked *request = bpf_map_lookup_elem(&issued, &id);
	struct total zero = {}, *total;

	if (!request)
		return 0;
	bpf_map_update_elem(&disks, &request->who, &zero, BPF_NOEXIST);
	total = bpf_map_lookup_elem(&disks, &request->who);
	if (total) {
		__sync_fetch_and_add(&total->bytes, request->bytes);
		__sync_fetch_and_add(&total->requests, 1);
		__sync_fetch_and_add(&total->took, bpf_ktime_get_ns() - request->issued_ns);
	}
	bpf_map_delete_elem(&issued, &id);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

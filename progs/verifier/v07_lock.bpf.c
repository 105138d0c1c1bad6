/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 7: a call while a lock is held.
 *
 *	sonde run build/progs/v07_lock.bpf.o --only wrong --on wrong=lo
 *	"function calls are not allowed while holding a lock"
 *
 * Between bpf_spin_lock() and bpf_spin_unlock() only plain instructions are allowed: no helpers and
 * no functions (since Linux 6.9, static functions are). Call helpers before taking the lock.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct last {
	struct bpf_spin_lock lock;
	__u64 time;
	__u64 count;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct last);
} packets SEC(".maps");

SEC("?xdp")
int wrong(struct xdp_md *ctx)
{
	__u32 slot = 0;
	struct last *last = bpf_map_lookup_elem(&packets, &slot);

	if (!last)
		return XDP_PASS;
	bpf_spin_lock(&last->lock);
	last->time = bpf_ktime_get_ns();
	last->count++;
	bpf_spin_unlock(&last->lock);
	return XDP_PASS;
}

SEC("?xdp")
int right(struct xdp_md *ctx)
{
	__u32 slot = 0;
	__u64 now = bpf_ktime_get_ns();
	struct last *last = bpf_map_lookup_elem(&packets, &slot);

	if (!last)
		return XDP_PASS;
	bpf_spin_lock(&last->lock);
	last->time = now;
	last->count++;
	bpf_spin_unlock(&last->lock);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

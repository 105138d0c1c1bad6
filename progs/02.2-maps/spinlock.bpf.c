/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * spinlock: packets and their bytes, two numbers that always fit together. After the course's
 * lesson 21.2.1.
 *
 *	sonde run build/progs/spinlock.bpf.o --on spinlock=lo
 *
 * Learned here: two atomic additions are not one; a reader between them sees a packet without its
 * bytes. A bpf_spin_lock inside the value holds off other CPUs, and user space too, if it reads
 * with BPF_F_LOCK. The kernel finds the lock in BTF, so a map with one cannot do without types.
 *
 * Not in tracing programs: what they interrupt might hold the lock.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct traffic {
	struct bpf_spin_lock lock;
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct traffic);
} traffic SEC(".maps");

SEC("xdp")
int spinlock(struct xdp_md *ctx)
{
	__u32 slot = 0;
	__u64 bytes = ctx->data_end - ctx->data;
	struct traffic *t = bpf_map_lookup_elem(&traffic, &slot);

	if (!t)
		return XDP_PASS;
	bpf_spin_lock(&t->lock);
	t->packets += 1;
	t->bytes += bytes;
	bpf_spin_unlock(&t->lock);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

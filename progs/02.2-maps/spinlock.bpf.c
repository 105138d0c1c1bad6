/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * spinlock: packets and bytes as a consistent pair. Based on lesson 21.2.1 of the course.
 *
 *	sonde run build/progs/spinlock.bpf.o --on spinlock=lo
 *
 * Demonstrates a lock. Two atomic additions are not atomic together: a reader in between sees a
 * packet without its bytes. A bpf_spin_lock inside the value excludes other CPUs, and user space if
 * it reads with BPF_F_LOCK. The kernel locates the lock by BTF, so such a map requires types.
 *
 * Tracing programs cannot use it: the code that they interrupt might hold the lock.
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

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tcrate: limit the bytes per second through an interface by dropping the excess. Based on lessons
 * 21.2.1 and 21.5.3 of the course.
 *
 *	sonde run build/progs/tcrate.bpf.o --on tcrate=eth0:egress --set rate=1000000
 *
 * Demonstrates a token bucket. Time fills it at `rate` bytes per second, up to `burst`. A packet
 * removes its length or, if the level is too low, is dropped. After a pause a burst passes.
 *
 * Pitfall avoided: testing the level and taking from it must be one operation. Two CPUs that both
 * test first would let through twice as much, hence the lock.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum { SECOND = 1000000000 }; /* in ns */

const volatile __u64 rate = 125000; /* bytes per second: 1 Mbit/s */
const volatile __u64 burst = 15000; /* bytes: a few full-size packets */

struct bucket {
	struct bpf_spin_lock lock;
	__u64 filled_ns;
	__u64 level;
	__u64 passed; /* bytes */
	__u64 dropped;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bucket);
} buckets SEC(".maps");

/* Adds the bytes accrued since the last call. The bucket starts full. */
static __always_inline void fill(struct bucket *b, __u64 now)
{
	__u64 before = b->filled_ns, ns = now - before;

	b->filled_ns = now;
	if (!before || ns >= burst * SECOND / rate)
		b->level = burst;
	else
		b->level += ns * rate / SECOND;
	if (b->level > burst)
		b->level = burst;
}

SEC("tc")
int tcrate(struct __sk_buff *skb)
{
	__u64 now = bpf_ktime_get_ns(), size = skb->len;
	__u32 slot = 0;
	struct bucket *b = bpf_map_lookup_elem(&buckets, &slot);
	int verdict = TC_ACT_OK;

	if (!b)
		return TC_ACT_OK;
	bpf_spin_lock(&b->lock);
	fill(b, now);
	if (b->level >= size) {
		b->level -= size;
		b->passed += size;
	} else {
		b->dropped += size;
		verdict = TC_ACT_SHOT;
	}
	bpf_spin_unlock(&b->lock);
	return verdict;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

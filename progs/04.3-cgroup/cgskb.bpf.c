/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * cgskb: keep the processes of a cgroup from using the network. Based on lessons 21.2.1 and 21.4.3
 * of the course.
 *
 *	mkdir /sys/fs/cgroup/quiet; echo $$ >/sys/fs/cgroup/quiet/cgroup.procs
 *	sonde run build/progs/cgskb.bpf.o --on cgskb_in=quiet --on cgskb_out=quiet
 *	... --set block=false					only counts
 *
 * Demonstrates that a cgroup program applies to the processes of the cgroup and its descendants
 * only. 1 lets a packet pass, 0 drops it; the sender gets EPERM.
 *
 * Pitfalls avoided: a socket belongs to the cgroup in which it was created, even if its process
 * moves later. And your own ssh connection is in a cgroup, too: create a new one.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum { DROP, PASS };

const volatile bool block = true;

enum direction { IN, OUT };

struct traffic {
	__u64 packets;
	__u64 bytes;
	__u64 dropped; /* packets dropped */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, enum direction);
	__type(value, struct traffic);
} traffic SEC(".maps");

static __always_inline int count(enum direction direction, __u32 bytes, int verdict)
{
	struct traffic *t = bpf_map_lookup_elem(&traffic, &direction);

	if (t) {
		__sync_fetch_and_add(&t->packets, 1);
		__sync_fetch_and_add(&t->bytes, bytes);
		if (verdict == DROP)
			__sync_fetch_and_add(&t->dropped, 1);
	}
	return verdict;
}

SEC("cgroup_skb/ingress")
int cgskb_in(struct __sk_buff *skb)
{
	return count(IN, skb->len, PASS);
}

SEC("cgroup_skb/egress")
int cgskb_out(struct __sk_buff *skb)
{
	return count(OUT, skb->len, block ? DROP : PASS);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

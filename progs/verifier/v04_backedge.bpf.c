/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 4: any loop, before Linux 5.3 and, to this day, for users without
 * CAP_BPF (if they may load programs at all: kernel.unprivileged_bpf_disabled=0).
 *
 *	sonde run build/progs/v04_backedge.bpf.o --only wrong --on wrong=/sys/fs/cgroup/mine:egress
 *	"back-edge from insn 8 to 3"
 *
 * A back-edge is a jump to an instruction on the current path. Unrolled by the compiler, the same
 * source has none.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("?cgroup/skb")
int wrong(struct __sk_buff *skb)
{
	__u32 bits = skb->len, n = 0;

	for (int i = 0; i < 16; i++) {
		n += bits & 1;
		bits >>= 1;
		barrier_var(i);
	}
	return n < 16;
}

SEC("?cgroup/skb")
int right(struct __sk_buff *skb)
{
	__u32 bits = skb->len, n = 0;

#pragma unroll
	for (int i = 0; i < 16; i++) {
		n += bits & 1;
		bits >>= 1;
	}
	return n < 16;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

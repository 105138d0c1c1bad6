/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * twostage: a tail call into an empty slot. Based on lesson 21.2.1 of the course.
 *
 *	sonde run build/progs/twostage.bpf.o --on twostage=lo --set stage=0
 *
 * Demonstrates what follows a failed tail call: slot 0 is empty, so execution continues with the
 * next statement, which drops. Slot 1 holds a program that passes. Such a gate fails closed: if
 * nobody fills the slot, nothing passes.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 stage = 1;

SEC("?xdp")
int second(struct xdp_md *ctx)
{
	return XDP_PASS;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
} stages SEC(".maps") = {
	.values = {[1] = (void *)second},
};

SEC("xdp")
int twostage(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &stages, stage);
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

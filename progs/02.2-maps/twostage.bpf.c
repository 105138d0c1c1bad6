/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * twostage: what happens when a tail call finds nobody. After the course's lesson 21.2.1.
 *
 *	sonde run build/progs/twostage.bpf.o --on twostage=lo --set stage=0
 *
 * Learned here: slot 0 is empty, so a call of it falls through to the next line, which drops;
 * slot 1 has a program, which lets pass. A closed gate is what falls through: forget to fill the
 * slot, and nothing gets in.
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

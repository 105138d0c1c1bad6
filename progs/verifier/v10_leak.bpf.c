/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the verifier refuses, 10: an address of the kernel that gets out, by users without
 * CAP_PERFMON.
 *
 *	sonde run build/progs/v10_leak.bpf.o --only wrong --on wrong=lo
 *	"R0 leaks addr as return value"
 *
 * Where things are in the kernel is a secret: whoever knows has half of an attack. With
 * CAP_PERFMON, which root has, they may be known; XDP then refuses the value as no verdict.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("?xdp")
int wrong(struct xdp_md *ctx)
{
	return (int)(long)ctx;
}

SEC("?xdp")
int right(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

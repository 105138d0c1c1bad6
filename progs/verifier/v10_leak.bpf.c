/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 10: a kernel address that becomes visible, for users without
 * CAP_PERFMON.
 *
 *	sonde run build/progs/v10_leak.bpf.o --only wrong --on wrong=lo
 *	"R0 leaks addr as return value"
 *
 * Kernel addresses are secret, as they are half of an attack. With CAP_PERFMON, which root has,
 * they may be visible; XDP then rejects the value as an invalid verdict.
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

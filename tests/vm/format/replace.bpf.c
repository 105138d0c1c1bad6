/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* An XDP program that passes everything, a replacement of its function that drops everything, and
 * an fexit program that observes it. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__attribute__((noinline)) int verdict(struct xdp_md *ctx)
{
	volatile int pass = XDP_PASS;
	return pass;
}

struct xdp_buff;

SEC("?xdp") int gate(struct xdp_md *ctx)
{
	return verdict(ctx);
}

SEC("?freplace/verdict") int closed(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("?freplace/absent") int nobody(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("?fexit/gate") int BPF_PROG(seen, struct xdp_buff *xdp, int ret)
{
	bpf_printk("verdict %d", ret);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

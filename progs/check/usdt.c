/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Uses <bpf/usdt.bpf.h>; compiled for each architecture (make check-progs). */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/usdt.bpf.h>

long out[8];

SEC("usdt/file:provider:name")
int BPF_USDT(no_argument)
{
	return 0;
}

SEC("usdt/file:provider:name")
int BPF_USDT(twelve, int a, const char *b, short c, char d, __u64 e, void *f, int g, int h, int i,
	int j, int k, long l)
{
	return a + (int)(long)b + c + d + (int)e + (int)(long)f + g + h + i + j + k + (int)l;
}

SEC("usdt.s/file:provider:name")
int by_hand(struct pt_regs *ctx)
{
	out[0] = bpf_usdt_arg(ctx, 3, &out[1]);
	out[2] = bpf_usdt_arg_cnt(ctx) + bpf_usdt_arg_size(ctx, 0);
	out[3] = bpf_usdt_cookie(ctx);
	return 0;
}

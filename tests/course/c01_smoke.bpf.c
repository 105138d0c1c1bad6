/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A minimal object, to test that it compiles, loads and attaches. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("kprobe/sys_clone")
int smoke(struct pt_regs *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

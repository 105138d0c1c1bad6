/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* malloc() of the C library: size and return value. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("uprobe//lib/x86_64-linux-gnu/libc.so.6:malloc")
int malloc_entry(struct pt_regs *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	size_t size = PT_REGS_PARM1(ctx);

	bpf_printk("malloc: pid %d, size %lu", pid, size);
	return 0;
}

SEC("uretprobe//lib/x86_64-linux-gnu/libc.so.6:malloc")
int malloc_return(struct pt_regs *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	void *ptr = (void *)PT_REGS_RC(ctx);

	bpf_printk("malloc: pid %d, pointer %lx", pid, ptr);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

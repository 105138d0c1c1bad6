/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Says that execve was called. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("kprobe/sys_execve")
int ping(void *ctx)
{
	bpf_printk("execve called");
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

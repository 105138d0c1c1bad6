/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Prints a line for each execve. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("kprobe/sys_execve")
int ping(void *ctx)
{
	bpf_printk("execve called");
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P17: more than three arguments to bpf_printk. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("tp/syscalls/sys_enter_getppid")
int many(void *ctx)
{
	bpf_printk("%d %d %d %d %d", 1, 2, 3, 4, 5);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

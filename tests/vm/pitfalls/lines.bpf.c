/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P14, P16: bpf_printk formats with a trailing newline and with non-ASCII characters. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("?tp/syscalls/sys_enter_getppid")
int newline(void *ctx)
{
	bpf_printk("one line %d\n", 1);
	return 0;
}

SEC("?tp/syscalls/sys_enter_getppid")
int accents(void *ctx)
{
	bpf_printk("durée: %d µs", 5);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

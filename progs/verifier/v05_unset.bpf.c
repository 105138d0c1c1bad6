/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the verifier refuses, 5: a value that nobody has set.
 *
 *	sonde run build/progs/v05_unset.bpf.o --only wrong
 *	"R0 !read_ok"
 *
 * The result of a program is what register R0 holds at its end, and here nothing was put there. The
 * compiler warns of it (-Wall); this file asks it not to.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#pragma clang diagnostic ignored "-Wreturn-type"

SEC("?tp/syscalls/sys_enter_getppid")
int wrong(void *ctx)
{
}

SEC("?tp/syscalls/sys_enter_getppid")
int right(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

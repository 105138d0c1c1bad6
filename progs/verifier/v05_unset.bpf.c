/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 5: an uninitialised value.
 *
 *	sonde run build/progs/v05_unset.bpf.o --only wrong
 *	"R0 !read_ok"
 *
 * The return value of a program is in register R0, which is never assigned here. The compiler
 * warns about it (-Wall); this file disables the warning.
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

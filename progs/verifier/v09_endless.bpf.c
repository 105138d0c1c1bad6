/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the verifier refuses, 9: a loop without an end.
 *
 *	sonde run build/progs/v09_endless.bpf.o --only wrong
 *	"infinite loop detected at insn 2"
 *
 * Waiting for something that others will change is not possible in a BPF program: nothing has
 * changed when the loop comes round again. A bound ends it in any case.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

volatile int ready;

SEC("?tp/syscalls/sys_enter_getppid")
int wrong(void *ctx)
{
	while (!ready)
		;
	return 0;
}

SEC("?tp/syscalls/sys_enter_getppid")
int right(void *ctx)
{
	for (int i = 0; i < 100 && !ready; i++)
		;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

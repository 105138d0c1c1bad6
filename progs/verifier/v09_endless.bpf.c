/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 9: a loop that does not end.
 *
 *	sonde run build/progs/v09_endless.bpf.o --only wrong
 *	"infinite loop detected at insn 2"
 *
 * A BPF program cannot wait for others to change memory: to the verifier, the state is the same
 * after each iteration. A bound ends the loop in any case.
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

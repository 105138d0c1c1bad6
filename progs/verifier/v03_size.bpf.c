/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the verifier refuses, 3: too much to look at.
 *
 *	sonde run build/progs/v03_size.bpf.o --only wrong
 *	"The sequence of 8193 jumps is too complex", or
 *	"BPF program is too large. Processed 1000001 insn"
 *
 * The verifier follows each turn of a loop, and each way through its body; what it still has to
 * look at grows with every turn. There are two limits: 8192 branches put off, and a million
 * instructions looked at (4096 before Linux 5.2). The program itself has a few only: it is not
 * its size that counts. With bpf_loop() (5.17) a body is looked at once, however many turns it
 * takes.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

static __always_inline __u64 collatz(__u64 n, int turns)
{
	for (int i = 0; i < turns; i++) {
		n = n & 1 ? 3 * n + 1 : n / 2;
		barrier_var(n);
	}
	return n;
}

SEC("?tp/syscalls/sys_enter_getppid")
int wrong(void *ctx)
{
	return (int)collatz(bpf_ktime_get_ns(), 100000) & 1;
}

SEC("?tp/syscalls/sys_enter_getppid")
int right(void *ctx)
{
	return (int)collatz(bpf_ktime_get_ns(), 100) & 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

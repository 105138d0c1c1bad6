/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 3: too many states.
 *
 *	sonde run build/progs/v03_size.bpf.o --only wrong
 *	"The sequence of 8193 jumps is too complex", or
 *	"BPF program is too large. Processed 1000001 insn"
 *
 * The verifier follows every iteration of a loop and every path through its body, and each
 * iteration adds to the states yet to be explored. There are two limits: 8192 pending branches, and
 * a million processed instructions (4096 before Linux 5.2). The size of the program itself, a few
 * instructions here, does not matter. With bpf_loop() (5.17) the body is verified once, regardless
 * of the number of iterations.
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

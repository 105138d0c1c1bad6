/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * smoke: the smallest program that can be loaded and attached. After the first example of the
 * course's chapter 21.
 *
 * Learned here: what a BPF object file is made of. Compile it and look:
 *
 *	llvm-objdump -d build/progs/smoke.bpf.o		two instructions: r0 = 0, exit
 *	sonde inspect build/progs/smoke.bpf.o		sections, symbols, types
 *	sonde plan build/progs/smoke.bpf.o		what the kernel will be asked
 *
 * The section name tells the loader what kind of program this is and where it wants to go: a
 * kprobe, a breakpoint in kernel code, on the clone system call. The kernel function behind it is
 * called __x64_sys_clone, __arm64_sys_clone, ..., so the loader adds the part that depends on the
 * machine. And every object names its license, for some helpers are for GPL programs only.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("kprobe/sys_clone")
int smoke(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

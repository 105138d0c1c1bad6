/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * smoke: the smallest program that can be loaded and attached. Based on example 01 of the course.
 *
 * Demonstrates what a BPF object file consists of. Compile it and look:
 *
 *	llvm-objdump -d build/progs/smoke.bpf.o		two instructions: r0 = 0, exit
 *	sonde inspect build/progs/smoke.bpf.o		sections, symbols, types
 *	sonde plan build/progs/smoke.bpf.o		the system calls that load it
 *
 * The section name tells the loader the type of the program and where to attach it: a kprobe, a
 * breakpoint in kernel code, on the clone system call. The kernel function that implements it is
 * named __x64_sys_clone, __arm64_sys_clone, ..., so the loader adds the prefix of the machine.
 * Every object declares its license, because some helpers are available to GPL programs only.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("kprobe/sys_clone")
int smoke(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

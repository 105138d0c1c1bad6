/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * rawret0: a hand-written program of two instructions. Based on lessons 21.4 and 21.4.1 of the
 * course.
 *
 *	sonde plan build/progs/rawret0.bpf.o --on rawret0=lo -vv
 *	sonde run build/progs/rawret0.bpf.o --on rawret0=lo --for 1s -vv
 *
 * Demonstrates that a loader issues system calls. The first command prints the bpf_attr of
 * BPF_PROG_LOAD as the kernel will receive it, field by field, with these two instructions in 16
 * bytes; the second makes the call and prints the returned descriptor:
 *
 *	b7 00 00 00 00 00 00 00		r0 = 0		code 0xb7, register 0, immediate 0
 *	95 00 00 00 00 00 00 00		exit		code 0x95
 *
 * On a socket, the return value is the number of bytes of a packet to keep: with 0, the socket
 * receives nothing.
 *
 * "naked" tells the compiler to emit no code of its own.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("socket")
__attribute__((naked)) int rawret0(void)
{
	asm volatile("r0 = 0\n"
		     "exit");
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

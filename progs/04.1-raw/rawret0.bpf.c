/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * rawret0: a program of two instructions, written by hand. After the course's lessons 21.4 and
 * 21.4.1.
 *
 *	sonde plan build/progs/rawret0.bpf.o --on rawret0=lo -v
 *	sonde run build/progs/rawret0.bpf.o --on rawret0=lo --for 1s -vv
 *
 * Learned here: what a loader does is system calls. The first command shows the bpf_attr of
 * BPF_PROG_LOAD as it will be handed to the kernel, field by field, with these two instructions in
 * 16 bytes; the second one sends it and shows the descriptor that came back:
 *
 *	b7 00 00 00 00 00 00 00		r0 = 0		code 0xb7, register 0, number 0
 *	95 00 00 00 00 00 00 00		exit		code 0x95
 *
 * On a socket, the result says how many bytes of a packet are kept: 0, the socket sees nothing.
 *
 * "naked" tells the compiler to add nothing of its own.
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

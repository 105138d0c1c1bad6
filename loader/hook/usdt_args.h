/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where the arguments of a USDT are: from the assembler operands in the file to the table that a
 * BPF program reads (progs/include/bpf/usdt.bpf.h).
 *
 * An argument is SIZE@OPERAND; the compiler has decided on the operand. SIZE is 1, 2, 4 or 8 bytes,
 * negative when the argument is signed, with an f behind it when it is a floating-point number.
 *
 *     x86         -4@%edi  8@-24(%rbp)  4@8(%rax,%rcx,4)  -4@$5
 *     arm64       -4@x0    8@[sp, 24]   -4@5
 *     arm         -4@r0    4@[fp, #-8]  -4@#5
 *     riscv64     -4@a0    8@-24(s0)    -4@5
 *     s390x       -4@%r2   8@160(%r15)  -4@5
 */
#ifndef SONDE_HOOK_USDT_ARGS_H
#define SONDE_HOOK_USDT_ARGS_H

#include "elf/base/arch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One argument of the table, 16 bytes:
 *
 *     0  8  number: the value itself, or what is added to the address
 *     8  4  how: bits 0-7 one of the below, 8-19 second register, 20-23 its shift
 *    12  2  register: offset in the kernel's struct pt_regs
 *    14  1  signed
 *    15  1  bits to cut off at the top: 64 - 8 * SIZE
 *
 * The table: 12 of them, then 8 bytes for a number of the user, 2 for how many there are; 208
 * bytes.
 */
enum {
	USDT_ARGS_MAX = 12,
	USDT_SPEC_SIZE = 208,

	USDT_CONST = 0,     /* number */
	USDT_REG = 1,       /* register */
	USDT_MEMORY = 2,    /* what is at register + number */
	USDT_INDEXED = 3,   /* what is at register + (second register << shift) + number */
	USDT_UNKNOWN = 255, /* no program can read it: a vector register and the like */
};

/*
 * Writes the table for the arguments `text` of a file with this e_machine on such a kernel (NULL: no
 * register is known), in the byte order `big`. What can't be read becomes USDT_UNKNOWN and *unknown is set to the first such
 * operand (in text; its end is the next blank), else NULL. False when the text is no list of
 * arguments at all, or there are more than 12.
 */
bool usdt_args(const char *text, const struct arch *kernel, unsigned elf_machine, bool big,
	uint8_t spec[USDT_SPEC_SIZE], const char **unknown);

#endif

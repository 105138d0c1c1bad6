/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Translates the argument operands of a USDT probe, as the file has them, to the specification that
 * the BPF program reads (progs/include/bpf/usdt.bpf.h).
 *
 * An argument is SIZE@OPERAND; the compiler chose the operand. SIZE is 1, 2, 4 or 8 bytes, negative
 * for a signed argument, followed by an f for a floating-point number.
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
 * An argument in the specification, 16 bytes (offset, size, meaning):
 *
 *     0  8  number: the value itself, or the displacement of an address
 *     8  4  how: bits 0-7 one of USDT_CONST..., 8-19 second register, 20-23 its shift
 *    12  2  register: offset in the kernel's struct pt_regs
 *    14  1  signed
 *    15  1  bits to shift out to get SIZE bytes: 64 - 8 * SIZE
 *
 * The specification: 12 arguments, an 8-byte cookie of the user, a 2-byte count; 208 bytes.
 */
enum {
	USDT_ARGS_MAX = 12,
	USDT_SPEC_SIZE = 208,

	USDT_CONST = 0,     /* number */
	USDT_REG = 1,       /* register */
	USDT_MEMORY = 2,    /* memory at register + number */
	USDT_INDEXED = 3,   /* memory at register + (second register << shift) + number */
	USDT_UNKNOWN = 255, /* not accessible to BPF programs, such as a vector register */
};

/*
 * Writes the specification for the arguments `text` (untrusted) of a file with this e_machine, on a
 * kernel of this architecture (NULL: no register is known), in the byte order `big`. An operand that
 * cannot be translated becomes USDT_UNKNOWN; *unknown is the first one (in text, up to the next
 * blank), or NULL. False if the text is not a list of arguments, or has more than 12.
 */
bool usdt_args(const char *text, const struct arch *kernel, unsigned elf_machine, bool big,
	uint8_t spec[USDT_SPEC_SIZE], const char **unknown);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Disassembler in the style of the kernel's verifier log, with jumps as in llvm-objdump:
 *
 *	r1 = *(u64 *)(r10 -8)
 *	if r1 > 0x5 goto +3
 *	r1 = map[counts] ll
 *	call bpf_map_lookup_elem#1
 *
 * Registers are r0 to r10, or w0 to w10 for 32-bit operations. Jump and call distances are in slots
 * from the next instruction. Numbers are decimal, except in unsigned comparisons and 64-bit
 * constants.
 */
#ifndef SONDE_DISASM_H
#define SONDE_DISASM_H

#include <stdbool.h>
#include <stddef.h>

#include "elf/base/insn.h"

/*
 * Provides names for operands. Called for 64-bit constants (any src) and calls; slot is the index of
 * the instruction as passed to disasm(). Writes the operand ("map[counts]", "bpf_ktime_get_ns",
 * "subprogram") to buf (n bytes) and returns true, or returns false to print numbers.
 */
struct disasm_names {
	bool (*name)(void *ctx, size_t slot, struct insn i, struct insn next, char *buf, size_t n);
	void *ctx;
};

/*
 * Writes one instruction to buf (n > 0 bytes; 100 suffice without names), truncated if necessary.
 * next: the following slot, all zero at the end. names may be NULL. Returns the number of slots of
 * the instruction: 1, or 2 for a 64-bit constant. The bytes are not trusted: invalid instructions
 * print as "unknown 0x.." and occupy one slot.
 */
unsigned disasm(struct insn i, struct insn next, size_t slot, const struct disasm_names *names,
	char *buf, size_t n);

#endif

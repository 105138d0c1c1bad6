/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * eBPF instructions as text, in the style of the kernel's verifier log with the jumps of
 * llvm-objdump:
 *
 *	r1 = *(u64 *)(r10 -8)
 *	if r1 > 0x5 goto +3
 *	r1 = map[counts] ll
 *	call bpf_map_lookup_elem#1
 *
 * Registers are r0 to r10, or w0 to w10 where only the low 32 bits count. Jump and call distances
 * are in slots from the next instruction. Numbers are decimal, or hexadecimal where unsigned
 * comparisons and 64-bit constants make that easier to read.
 */
#ifndef SONDE_DISASM_H
#define SONDE_DISASM_H

#include <stdbool.h>
#include <stddef.h>

#include "elf/base/insn.h"

/*
 * Names for what an instruction refers to. Asked for 64-bit constants (any src) and calls; slot is
 * the instruction's index as given to disasm(). Writes the operand ("map[counts]",
 * "bpf_ktime_get_ns", "subprogram") into the n bytes of buf and returns true, or returns false to
 * get numbers.
 */
struct disasm_names {
	bool (*name)(void *ctx, size_t slot, struct insn i, struct insn next, char *buf, size_t n);
	void *ctx;
};

/*
 * Writes one instruction into the n > 0 bytes of buf (100 are enough without names), cut if need
 * be. next: the slot after it, all zero at the end. names may be NULL. Returns how many slots the
 * instruction takes: 1, or 2 for a 64-bit constant. Any bytes are allowed; what is no instruction
 * becomes "unknown 0x.." and takes one slot.
 */
unsigned disasm(struct insn i, struct insn next, size_t slot, const struct disasm_names *names,
	char *buf, size_t n);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Disassembly with line numbers. */
#ifndef SONDE_CODE_H
#define SONDE_CODE_H

#include "elf/link/disasm.h"

#include <stdio.h>

/* Writes the instruction in slot `at` of n to buf. Returns the slots it takes: 1 or 2. */
unsigned code_line(const uint8_t *insns, size_t at, size_t n, bool big,
	const struct disasm_names *names, char *buf, size_t size);

/* Prints n slots, one line per instruction, after `indent`. names: see disasm.h, or NULL. */
void code_print(const uint8_t *insns, size_t n, bool big, const struct disasm_names *names,
	const char *indent, FILE *out);

#endif

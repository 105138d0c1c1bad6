/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Disassemblers for the native code of BPF programs: the instructions that the kernel's JIT compilers
 * emit, as objdump prints them (x86-64: AT&T syntax), and no others. What is not in the tables is
 * unknown, never guessed.
 */
#ifndef SONDE_NATIVE_H
#define SONDE_NATIVE_H

#include "elf/base/span.h"

/* Provides names for the targets of calls and jumps: writes one to buf (n bytes) and returns true, or
 * returns false to print the address. May be NULL. */
struct native_names {
	bool (*name)(void *ctx, uint64_t address, char *buf, size_t n);
	void *ctx;
};

struct native {
	uint16_t machine; /* e_machine */
	uint8_t unit; /* bytes of every instruction; 0: they differ, nothing follows an unknown one */

	/* Writes the instruction at offset `at` of code to buf (n > 0 bytes; 128 suffice with names of
	 * up to 64), truncated if necessary. base: the address of code's first byte. Returns the size of
	 * the instruction, or 0 and "" if it is unknown or not complete. The bytes are not trusted. */
	unsigned (*decode)(struct span code, uint64_t at, uint64_t base,
		const struct native_names *names, char *buf, size_t n);
};

/* The disassembler for an e_machine, NULL if there is none. */
const struct native *native_for(unsigned machine);

#endif

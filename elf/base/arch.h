/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The architectures, one row each: everything that differs between them and that sonde has to know.
 * To support another one, add a row to arch.c. Offsets of registers are those in the kernel's
 * struct pt_regs, which is what a BPF program receives.
 */
#ifndef SONDE_ARCH_H
#define SONDE_ARCH_H

#include <stdbool.h>
#include <stdint.h>

enum { ARCH_ARGS = 5 };

enum arch_order { ARCH_LITTLE, ARCH_BIG, ARCH_EITHER };

/* A register, or several whose names end in consecutive numbers: "x" for x0 to x30. */
struct arch_reg {
	char name[4];
	uint8_t first, count; /* count 0: the name is complete */
	uint16_t offset;      /* of the first; the others follow, a word each */
};

struct arch {
	const char *machines; /* uname -m, separated by blanks */
	const char *title;    /* for messages: "ARM64" */
	const char *triplet;  /* Debian's multiarch folder below /usr/lib, NULL if it varies */
	uint16_t elf, compat; /* e_machine of native and of 32-bit programs that it runs (or 0) */
	uint8_t word;         /* bytes of an unsigned long of the kernel */
	uint8_t order;        /* enum arch_order */

	/* Prefix of the functions that unpack system call arguments from struct pt_regs, as in
	 * __x64_sys_openat. NULL: system calls are plain functions (sys_openat). */
	uint16_t wrappers_since; /* ABI_VERSION() of the first kernel where they do, 0 unknown */
	const char *syscall_prefix;

	const struct arch_reg *regs; /* registers that operands of USDTs name */
	uint8_t n_regs;
	bool x86_names;   /* registers have names for their parts: rax, eax, ax, al */
	bool compat_regs; /* 32-bit programs use (parts of) the same registers */
	const char
		*own_reg; /* a member that only its struct pt_regs (or user_pt_regs) has, or NULL */
	bool thumb; /* bit 0 of a code address selects Thumb, for which there are no uprobes */

	uint8_t n_args;
	uint8_t args[ARCH_ARGS]; /* registers that hold arguments 1, 2, ... of a function */
};

/* The architecture with this uname -m, NULL if unknown. */
const struct arch *arch_of_machine(const char *machine);

/* The first row with this e_machine, NULL if unknown. Architectures that differ only in byte order
 * or word size share the number. */
const struct arch *arch_of_elf(unsigned elf_machine);

/* Bytes of an unsigned long of a kernel with this uname -m, also for unknown machines. */
unsigned arch_word(const char *machine);

/* The title of the architecture that a struct pt_regs belongs to, if that is another one than that of the machine;
 * else NULL. has() tells whether it has a member of that name. */
const char *arch_foreign_regs(
	const char *machine, bool (*has)(const void *ctx, const char *member), const void *ctx);

/* Whether a kernel of this architecture runs programs with this e_machine and byte order. */
bool arch_runs(const struct arch *a, unsigned elf_machine, bool big);

/* The offset of the register that an operand of a USDT names in a program with this e_machine, -1
 * if it is not part of struct pt_regs, or if a is NULL. name is not trusted. */
int arch_reg_offset(const struct arch *a, unsigned elf_machine, const char *name);

/* Which argument of a function (1, 2, ...) the word at an offset holds, 0 if none; a may be NULL. */
unsigned arch_arg_at(const struct arch *a, int32_t offset);

#endif

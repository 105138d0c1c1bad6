/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Numbers of machines in ELF files (e_machine), which are also part of AUDIT_ARCH_*. <elf.h> has them as
 * macros: not to be included together with it. */
#ifndef SONDE_MACHINE_ABI_H
#define SONDE_MACHINE_ABI_H

enum {
	EM_386 = 3,
	EM_MIPS = 8,
	EM_PPC = 20,
	EM_PPC64 = 21,
	EM_S390 = 22,
	EM_ARM = 40,
	EM_X86_64 = 62,
	EM_AARCH64 = 183,
	EM_RISCV = 243,
	EM_LOONGARCH = 258,
};

#endif

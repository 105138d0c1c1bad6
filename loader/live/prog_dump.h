/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The code of a program in the kernel, with source lines if it was loaded with line information.
 * Requires CAP_SYS_ADMIN. Without access to kernel addresses (kernel.kptr_restrict,
 * net.core.bpf_jit_harden), calls have no names and there is no machine code.
 */
#ifndef SONDE_PROG_DUMP_H
#define SONDE_PROG_DUMP_H

#include "live.h"

/* The instructions that the verifier left, disassembled; JSON: one object per instruction. */
bool prog_dump_xlated(struct live *l, const struct live_prog *p, struct err *e);

/* The machine code, function by function, under the source lines and the instructions that it is compiled
 * from; disassembled if elf/native has the architecture. JSON: one object per line or function. */
bool prog_dump_jited(struct live *l, const struct live_prog *p, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines of the source, from the line information that goes to the kernel with a program. */
#ifndef SONDE_SOURCE_LINE_H
#define SONDE_SOURCE_LINE_H

#include "loader/plan/plan.h"

/*
 * Where an instruction of a program (an index in p->progs) comes from, as newer kernels write it:
 * "*n += 1; @ count.bpf.c:9". False when the plan does not say. All text is untrusted.
 */
bool source_line(const struct plan *p, int16_t prog, uint32_t insn, char *buf, size_t size);

#endif

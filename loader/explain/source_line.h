/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Source lines, from the line information that is loaded with a program. */
#ifndef SONDE_SOURCE_LINE_H
#define SONDE_SOURCE_LINE_H

#include "elf/btf/btf.h"
#include "loader/plan/plan.h"

/*
 * The source line of an instruction, in the format of the verifier's log: "*n += 1; @
 * count.bpf.c:9". prog: index in p->progs. False if the plan has no line information for it. All
 * text is untrusted.
 */
bool source_line(const struct plan *p, int16_t prog, uint32_t insn, char *buf, size_t size);

/* The same of a struct bpf_line_info; false if it marks code without a source line. btf: of the
 * program. */
bool source_line_text(const struct btf *btf, struct span record, char *buf, size_t size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel version that an instruction requires. */
#ifndef SONDE_INSN_FEATURE_H
#define SONDE_INSN_FEATURE_H

#include "insn.h"

enum { INSN_NEVER = 0xffff }; /* clang emits it, and no kernel accepts it */

struct insn_feature {
	uint16_t since;      /* ABI_VERSION() of the first kernel that accepts it, or INSN_NEVER */
	const char *what;    /* "a signed division" */
	const char *instead; /* what to do about it: "compile with -mcpu=v3" */
};

/* What the instruction requires of the kernel; NULL if every kernel with BPF accepts it. */
const struct insn_feature *insn_feature(struct insn i);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement sandbox.h. */
#ifndef SONDE_SANDBOX_IMPL_H
#define SONDE_SANDBOX_IMPL_H

#include "capability_names.h"
#include "sandbox.h"

#include "loader/kernel/seccomp.h"

/* ---- capabilities.c ---- */

struct capability_sets {
	uint64_t effective, permitted;
};

/* False if they cannot be read. */
bool capabilities_get(struct capability_sets *sets);

/* Sets both; the inheritable and ambient sets become empty. */
bool capabilities_set(uint64_t effective, uint64_t permitted);

/* Those of wanted that are permitted; CAP_SYS_ADMIN instead of one of its parts that is not, or that the
 * kernel does not know yet. */
uint64_t capabilities_held(uint64_t wanted, uint64_t permitted);

/* ---- filter.c ---- */

/* Assembles the filter for this thread. Returns the number of instructions; 0: this architecture is not
 * known. What it does not allow raises SIGSYS, or ends the process if it is not in this architecture's own
 * table of system calls (x32, 32-bit programs). */
size_t filter_make(struct filter_insn insns[static FILTER_MAX], unsigned needs);

#endif

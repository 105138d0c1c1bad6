/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What an object says, and what becomes of it when it is linked: `sonde inspect`. */
#ifndef SONDE_INSPECT_H
#define SONDE_INSPECT_H

#include "elf/base/span.h"
#include "loader/kernel/target.h"

#include <stdio.h>

struct inspect_options {
	bool json;               /* one object a line */
	bool sections;           /* every ELF section too */
	bool code;               /* the instructions of each program: as compiled, and as linked */
	const char *const *only; /* programs whose code is wanted; n_only 0: all */
	size_t n_only;
};

/*
 * Prints sections, programs, maps, variables, externs, CO-RE relocations (with the answers of the
 * target) and code. What can't be linked is said in its place: only a file that is no BPF object
 * fails. path: for messages.
 */
bool inspect_object(const char *path, struct span bytes, const struct inspect_options *opt,
	struct target *t, FILE *out, struct err *e);

#endif

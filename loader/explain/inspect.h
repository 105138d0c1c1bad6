/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The contents of an object, and the result of linking it: `sonde inspect`. */
#ifndef SONDE_INSPECT_H
#define SONDE_INSPECT_H

#include "elf/base/span.h"
#include "loader/kernel/target.h"

#include <stdio.h>

struct record_sources;

struct inspect_options {
	bool json;                         /* one object per line */
	bool sections;                     /* list ELF sections */
	bool code;                         /* print instructions as compiled and as linked */
	const struct record_sources *from; /* the user's record types, or NULL */
	const char *const *only;           /* programs whose code is printed; n_only 0: all */
	size_t n_only;
};

/*
 * Prints sections, programs, maps, variables, externs, CO-RE relocations (resolved for the target)
 * and code. Programs that cannot be linked are listed with the reason; only a file that is not a
 * BPF object fails, or record types of the user that do not exist. path: for messages.
 */
bool inspect_object(const char *path, struct span bytes, const struct inspect_options *opt,
	struct target *t, FILE *out, struct err *e);

#endif

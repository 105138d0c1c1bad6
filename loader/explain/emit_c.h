/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A plan as one C file, written for reading: each step is a call with its fields by name, instructions have
 * their text and source line beside them, fallbacks are conditions on errno. It needs the C library and the
 * kernel's headers, nothing else.
 */
#ifndef SONDE_EMIT_C_H
#define SONDE_EMIT_C_H

#include "elf/base/err.h"
#include "loader/plan/plan.h"

#include <stdio.h>

struct emit_options {
	bool silent;         /* load and attach only: nothing that shows records or maps */
	const char *machine; /* uname -m of the kernel it is for */
};

/* Writes the file. p: fitted to its machine (plan_fit()). False with e set, and an unfinished text in out, if
 * the plan has something that this form can't express. Memory from a. */
bool emit_c(const struct plan *p, const struct emit_options *opt, struct arena *a, FILE *out,
	struct err *e);

#endif

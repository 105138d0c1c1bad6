/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which steps of a plan other kernels would run, from the versions that introduced what each step uses:
 * commands, fields, flags and types of the attr, kinds of types, helpers, instructions, event sources.
 * Configuration, rights and what distributions add to older kernels are not considered.
 */
#ifndef SONDE_PLAN_KERNELS_H
#define SONDE_PLAN_KERNELS_H

#include "loader/plan/plan.h"

#include <stdio.h>

enum { KERNELS_MAX = 8 };

struct kernel_column {
	const char *name;        /* untrusted */
	uint16_t version;        /* ABI_VERSION() */
	const struct plan *plan; /* for this kernel */
};

/* Prints a table with a row for each step and a column for each of n kernels, up to KERNELS_MAX. Allocates
 * from a; false if memory is exhausted. */
bool plan_print_kernels(const struct kernel_column *kernels, size_t n, struct arena *a, FILE *out);

#endif

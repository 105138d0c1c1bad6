/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * "Did you mean ...?": the name among many that differs from a given one in the fewest characters,
 * if these are few.
 */
#ifndef SONDE_NEAREST_H
#define SONDE_NEAREST_H

#include <stdbool.h>

enum { NEAREST_LONG = 64 }; /* longer names are not compared */

struct nearest {
	const char *wanted;
	const char *best; /* "" as long as nothing was near enough; borrowed from the caller */
	unsigned below;   /* fewer changes than this are nearer than the best so far; 0: found */
};

struct nearest nearest_to(const char *wanted);

/* Looks at one more name; true when it is the best so far. Underscores in front don't count: that
 * is how the kernel renames what nobody should use directly. */
bool nearest_consider(struct nearest *near, const char *name);

#endif

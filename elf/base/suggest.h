/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* "Did you mean ...?": finds the name with the smallest edit distance, unless that is large. */
#ifndef SONDE_SUGGEST_H
#define SONDE_SUGGEST_H

#include <stdbool.h>

enum { SUGGEST_NAME_MAX = 64 }; /* longer names are not compared */

/* The edit distance of two strings, or limit + 1 if it exceeds limit or one of them is longer than
 * SUGGEST_NAME_MAX. */
unsigned edit_distance(const char *a, const char *b, unsigned limit);

struct suggestion {
	const char *wanted; /* the name that does not exist, borrowed */
	const char *best;   /* "" if no name was similar enough; borrowed from the caller */
	unsigned below;     /* a better name needs fewer edits than this; 0: an exact match */
};

struct suggestion suggest_for(const char *wanted);

/* Compares one more name; true if it is the best one so far. Leading underscores are ignored: the
 * kernel adds them to names that must not be used directly. */
bool suggest_consider(struct suggestion *s, const char *name);

#endif

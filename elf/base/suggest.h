/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* "Did you mean ...?": finds the names with the smallest edit distance, unless that is large. */
#ifndef SONDE_SUGGEST_H
#define SONDE_SUGGEST_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	SUGGEST_NAME_MAX = 64, /* longer names are not compared */
	SUGGEST_MAX = 4,       /* names of equal distance that are kept */
};

/* The number of edits that turn one string into the other: insertions, deletions, changes and swaps
 * of neighbours. limit + 1 if it exceeds limit or one string is longer than SUGGEST_NAME_MAX. */
unsigned edit_distance(const char *a, const char *b, unsigned limit);

/* The most similar names so far, all of the same distance; those with the longest common beginning
 * come first. */
struct suggestion {
	const char *wanted; /* the name that does not exist, borrowed */
	unsigned limit;     /* names with more edits than this are ignored */
	unsigned n;         /* 0: no name is similar enough */
	struct {
		unsigned common; /* length of the common beginning */
		char name[SUGGEST_NAME_MAX + 1];
	} near[SUGGEST_MAX];
};

struct suggestion suggest_for(const char *wanted);

/* Compares one more name, which is copied. Leading underscores are ignored: the kernel adds them to
 * names that must not be used directly. */
void suggest_consider(struct suggestion *s, const char *name);

/* The same, comparing only the first n bytes of the name. */
void suggest_consider_start(struct suggestion *s, const char *name, size_t n);

/* The names, separated by ", "; "" if there are none. Returns buf. */
const char *suggest_text(const struct suggestion *s, char *buf, size_t size);

/* Sets the hint "did you mean 'a'? its members are: a, b", for are "its members are"; without the
 * question if no name is similar. Returns false. */
bool suggest_hint(const struct suggestion *s, const char *are, const char *names, struct err *e);

#endif

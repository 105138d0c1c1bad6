/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Lists of facts: a table with aligned columns for people, an object a row for machines, from the
 * same rows.
 */
#ifndef SONDE_LISTING_H
#define SONDE_LISTING_H

#include "elf/base/arena.h"

#include <stdio.h>

enum { LISTING_COLS = 8 };

struct listing {
	struct arena *arena;
	const char *what;                    /* "program": the key that tells JSON rows apart */
	const char *title;                   /* "programs" */
	const char *heads[LISTING_COLS + 1]; /* lower case; NULL: end */
	char **cells;                        /* row after row */
	size_t n, room;
	unsigned cols;
};

/* heads: names of the columns, at most LISTING_COLS, then NULL. */
struct listing listing(
	struct arena *a, const char *what, const char *title, const char *const *heads);

/* Adds a row, a string a column; NULL and "" are an empty cell. Copies. */
void listing_row(struct listing *l, ...);

/* Prints all rows; nothing when there are none. The last column is not padded, columns of numbers
 * only are right-aligned; what is wider than a terminal goes on in the next line. */
void listing_print(const struct listing *l, bool json, FILE *out);

#endif

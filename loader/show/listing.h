/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lists: a table with aligned columns for people, or one JSON object per row. */
#ifndef SONDE_LISTING_H
#define SONDE_LISTING_H

#include "elf/base/arena.h"

#include <stdio.h>

enum { LISTING_COLS = 8 };

struct listing {
	struct arena *arena;
	const char *what;                    /* "program": value of the key "what" in JSON */
	const char *title;                   /* "programs" */
	const char *heads[LISTING_COLS + 1]; /* lower case, NULL-terminated */
	char **cells;                        /* row after row */
	size_t n, room;
	unsigned cols;
};

/* heads: names of at most LISTING_COLS columns, then NULL. Memory from a. */
struct listing listing(
	struct arena *a, const char *what, const char *title, const char *const *heads);

/* Adds a row: one string per column, NULL or "" for an empty cell. Copies them. */
void listing_row(struct listing *l, ...);

/* Prints all rows; nothing if there are none. Columns that contain only numbers are right-aligned,
 * the last column is not padded, and cells that do not fit in 80 columns are wrapped. */
void listing_print(const struct listing *l, bool json, FILE *out);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Types as lines of a list, and by name. */
#ifndef SONDE_TYPELIST_H
#define SONDE_TYPELIST_H

#include "elf/base/arena.h"
#include "elf/btf/btf.h"

#include <stdio.h>

struct typelist_filter {
	uint32_t kinds;   /* bits 1 << kind; 0: all */
	const char *name; /* a pattern with '*' and '?', NULL: all */
};

/* The name of a kind in lists: "struct", "ptr", "func". */
const char *typelist_kind(unsigned kind);

/* The bits of a kind that a user has named so ("enum": both of them), or as btf_kind_name() does;
 * 0 when there is no such kind. */
uint32_t typelist_kinds(const char *word);

/* A line for each type of b itself that the filter lets pass: id, kind, size, name and what it
 * refers to. Streamed. Returns how many there were. */
size_t typelist_print(const struct btf *b, const struct typelist_filter *filter, FILE *out);

/* The same as JSON, an object a line, with all parts of each type. */
size_t typelist_json(const struct btf *b, const struct typelist_filter *filter, FILE *out);
void typelist_json_one(const struct btf_type *t, FILE *out);

/* Walks types of this name in b and what it continues, those of b last: start with t->id 0.
 * kinds: as above. */
bool typelist_named(const struct btf *b, const char *name, uint32_t kinds, struct btf_type *t);

/* The name nearest to one that there isn't, "" when none is near. Borrowed from b. */
const char *typelist_nearest(const struct btf *b, const char *name, uint32_t kinds);

#endif

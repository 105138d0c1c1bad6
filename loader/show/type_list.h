/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lists of BTF types, and finding types by name. */
#ifndef SONDE_TYPE_LIST_H
#define SONDE_TYPE_LIST_H

#include "elf/base/arena.h"
#include "elf/btf/btf.h"

#include <stdio.h>

struct type_list_filter {
	uint32_t kinds;   /* bits 1 << kind; 0: all */
	const char *name; /* glob pattern, NULL: all */
};

/* The bits for the name of a kind, as in lists ("enum": both kinds of enums) or as btf_kind_name();
 * 0 if there is no such kind. */
uint32_t type_list_kinds(const char *word);

/* Prints a line for each type of b itself that passes the filter: id, kind, size, name and details.
 * Returns their number. */
size_t type_list_print(const struct btf *b, const struct type_list_filter *filter, FILE *out);

/* The same in JSON, one object per line, with all parts of each type. */
size_t type_list_json(const struct btf *b, const struct type_list_filter *filter, FILE *out);
void type_list_json_one(const struct btf_type *t, FILE *out);

/* Iterates over types with this name in b and its bases, those of b last. Start with t->id 0.
 * kinds: as above. */
bool type_list_named(const struct btf *b, const char *name, uint32_t kinds, struct btf_type *t);

/* Writes the most similar names to buf, "" if none is similar, and returns buf. */
const char *type_list_suggest(
	const struct btf *b, const char *name, uint32_t kinds, char *buf, size_t size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * JSON objects that differ in values only: records of a type, entries of a map. What is the same for all,
 * keys and brackets above all, is written once, by the JSON writer itself, and cut where the values
 * belong.
 */
#ifndef SONDE_JSON_ROW_H
#define SONDE_JSON_ROW_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "row_value.h"

/* A member that is the same in all objects. */
struct json_label {
	const char *name, *text;
};

/* A source of values: a record, a key. */
struct json_source {
	const char *key; /* NULL: the members of the type are members of the object, or, if it has
	                        * none, the value has the key "value" */
	const struct btf *btf; /* borrowed; NULL: no types */
	uint32_t type;
	size_t size; /* without types, of every value; a number if it has the size of one. 0: it varies */
	const char *fields; /* members to write, as in table_make(); NULL: all */
};

enum { JSON_SOURCES = 2 };

/* The type of a value that row_parts() leaves to others. */
struct json_type {
	struct typed_field field;
	struct typed_shape shape;
};

struct json_row {
	struct json_source sources[JSON_SOURCES];
	unsigned n_sources;
	struct json_label label;
	struct row_part *parts;  /* in the order of members; n_parts is 0: too many */
	struct json_type *types; /* of the parts */
	size_t n_parts;
	const char *after; /* the text after the last value */
	size_t n_after;
};

/* Prepares the printing of objects. label: NULL for none; its strings are borrowed. Memory from a. False
 * with e set if out of memory. */
bool json_row_make(struct json_row *r, const struct json_label *label,
	const struct json_source *sources, unsigned n, struct arena *a, struct err *e);

/* Prints an object on a line. records: one for each source (untrusted). */
void json_row_print(const struct json_row *r, FILE *out, const struct span *records);

#endif

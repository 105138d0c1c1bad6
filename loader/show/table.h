/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Records in columns: one column per member, nested structs flattened to "outer.inner".
 *
 *	PID    UID    COMM             RET  FILENAME
 *	1204   1000   bash             3    /etc/passwd
 *
 * Headings are the names in capitals. Columns are left-aligned and as wide as their type usually
 * requires; a wider value shifts the rest of its row until the next gap. Long text comes last, and
 * the last column is never padded. Padding members and those that only the kernel may access have
 * no column. Records with more than TABLE_COLS columns, or with none, are printed as {name = value,
 * ...}; records without a type in hexadecimal.
 *
 * A struct that was inferred from code (elf/records/records.h) has a name that ends in "~", and so do the
 * headings of its columns; those of members that are not certain end in "?", as their names do.
 */
#ifndef SONDE_TABLE_H
#define SONDE_TABLE_H

#include <stdio.h>

#include "elf/base/arena.h"
#include "json_row.h"
#include "row_filter.h"
#include "typed.h"

enum {
	TABLE_COLS = 16,
	TABLE_DUMP_MAX = 1024, /* limit for a record without a type, in bytes */
};

struct table_col {
	const char *name; /* "outer.inner" */
	const char *head; /* "OUTER.INNER" */
	struct typed_field field;
	struct typed_shape shape;
	struct row_value value;
	enum typed_kind kind;
	bool is_signed;
	bool is_long;   /* no typical width: text, arrays */
	unsigned width; /* without the gap of one blank */
};

struct table {
	const struct btf *btf; /* borrowed; NULL: no types */
	uint32_t type;
	struct table_col *cols;   /* in the order of display */
	struct row_value *values; /* of the columns */
	uint16_t *starts;         /* where they begin */
	unsigned n;               /* 0: not shown in columns */
	bool inferred;            /* from code */
	bool named;               /* has addresses or stacks, which are shown by name */
	struct json_row json;     /* set by table_make_json() */
	const char *fields;       /* of table_make(), or NULL */
	struct row_bound where;   /* set by the caller: which records are shown */
};

/*
 * Lays out the columns of a type. b may be NULL, type may be 0. head: the heading if the record is
 * a single value without a name ("VALUE"). fields: NULL for all columns, or a list "pid,ctx.comm" of those to
 * show, in this order; borrowed. Memory from a. False with e set if out of memory.
 */
bool table_make(struct table *t, const struct btf *b, uint32_t type, const char *head,
	const char *fields, struct arena *a, struct err *e);

/* Prints the headings; nothing without columns. */
void table_head(const struct table *t, FILE *out);

/* Prints one line (several for a long record without a type). */
void table_row(const struct table *t, FILE *out, struct span record);

/* Prepares a table for table_json(). label: printed with each record, or NULL. Memory from a. False with
 * e set if out of memory. */
bool table_make_json(
	struct table *t, const struct json_label *label, struct arena *a, struct err *e);

/* Prints one JSON object on a line: the label, then the members of the record. A record that is not a
 * struct has the key "value". */
void table_json(const struct table *t, FILE *out, struct span record);

/* The heading of a column of this type: the name of its typedef, struct or enum in capitals
 * ("pid_t": PID; "IP" for addresses), or `otherwise` if the name only denotes a width (u32). Memory
 * from a. */
const char *table_type_head(
	const struct btf *b, uint32_t type, const char *otherwise, struct arena *a);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rows and columns out of a record type: one column a member, nested structs flattened to
 * "outer.inner". An event printed by it looks like this:
 *
 *	PID    UID    COMM             RET  FILENAME
 *	1204   1000   bash             3    /etc/passwd
 *
 * Rules: heads are the names in capitals; columns are left-aligned and as wide as their type
 * usually needs; what needs more room moves the rest of its row to the right, which falls back in
 * line at the next gap; long text comes last, and the last column is never padded. Padding members
 * and those that belong to the kernel have no column. Records with more than TABLE_COLS columns, or
 * without any, are shown as {name = value, ...}; records without a type as hexadecimal.
 */
#ifndef SONDE_TABLE_H
#define SONDE_TABLE_H

#include <stdio.h>

#include "elf/base/arena.h"
#include "typed.h"

enum {
	TABLE_COLS = 16,
	TABLE_WIDTH = 80,      /* of the terminal for which columns are laid out */
	TABLE_DUMP_MAX = 1024, /* bytes shown of an event without a type */
};

struct table_col {
	const char *name; /* "outer.inner" */
	const char *head; /* "OUTER.INNER" */
	struct typed_field field;
	struct typed_shape shape;
	enum typed_kind kind;
	bool is_signed;
	bool is_long;   /* of no particular width: text, arrays */
	unsigned width; /* columns, without the gap of one blank */
};

struct table {
	const struct btf *btf; /* borrowed; NULL: no types */
	uint32_t type;
	struct table_col *cols; /* in the order of display */
	unsigned n;             /* 0: not shown in columns */
	bool named;             /* holds addresses or stacks, which want names */
};

/*
 * Lays out the columns of a type. b may be NULL or type 0. head: the name of the column when the
 * record is a single value that has none of its own ("VALUE"). Memory comes from a. Fails only for
 * lack of memory.
 */
bool table_make(struct table *t, const struct btf *b, uint32_t type, const char *head,
	struct arena *a, struct err *e);

/* One line of heads; nothing without columns. */
void table_head(const struct table *t, FILE *out);

/* One line (several for a long record without a type). */
void table_row(const struct table *t, FILE *out, struct span record);

/* The value in one column of a record. */
void table_cell(
	const struct table *t, const struct table_col *c, struct typed_out *o, struct span record);

/* Further members in front of those of the record. */
struct table_extra {
	const char *name, *text;
};

/* One JSON object on a line: the extras, then the members of the record; a record that is no struct
 * is under the key "value". */
void table_json(const struct table *t, FILE *out, struct span record,
	const struct table_extra *extras, size_t n_extras);

/* The head of a column for values of this type: the name of its typedef, struct or enum in
 * capitals ("pid_t": PID; "IP" for addresses) unless it only says how wide the value is (u32): then
 * otherwise. From a or otherwise itself. */
const char *table_type_head(
	const struct btf *b, uint32_t type, const char *otherwise, struct arena *a);

#endif

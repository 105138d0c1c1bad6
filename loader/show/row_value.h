/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Values that most records consist of, prepared once per type: whole numbers and strings at a fixed
 * place. Their text is the same in columns and in JSON (except that JSON quotes strings and addresses),
 * and is written without looking at types. Everything else, and whatever needs an escape or is not inside
 * of the record, is left to typed_text() and typed_json().
 *
 * A line is written into a typed_out whose buffer has at least ROW_ROOM bytes.
 */
#ifndef SONDE_ROW_VALUE_H
#define SONDE_ROW_VALUE_H

#include "typed.h"

enum row_op {
	ROW_OTHER, /* for typed_text() and typed_json() */
	ROW_UINT,
	ROW_INT,
	ROW_BOOL,
	ROW_HEX,
	ROW_CHARS, /* up to the first NUL */
};

enum { ROW_ROOM = 1024, ROW_SLACK = 16 };

struct row_value {
	uint8_t op;        /* enum row_op */
	uint32_t at, size; /* in the record, in bytes; numbers have 1, 2, 4 or 8 */
};

/* How a value of this shape is written. */
struct row_value row_value_of(const struct typed_shape *s, struct typed_field f);

/* The same without a type: a number, if it has the size of one. */
struct row_value row_number_of(size_t size);

/* A value in JSON and what is before it, up to the value before it: ',"pid":'. */
struct row_part {
	const char *before; /* ROW_SLACK bytes after its end are readable */
	uint32_t n_before;
	uint32_t record; /* which one it is in */
	struct row_value value;
};

/* Writes parts from number i on, as far as it can; returns the number of the first whose value is left,
 * n if there is none. What is before that value is written. */
size_t row_parts(struct typed_out *o, const struct row_part *parts, size_t i, size_t n,
	const struct span *records);

/* Writes a value as text; false, with nothing written, if it is left to others. */
bool row_text(struct typed_out *o, const struct row_value *v, struct span record);

/* Writes values in columns, from number i on, as far as it can; returns the number of the first that is
 * left, n if there is none. starts: where their columns begin. */
size_t row_cells(struct typed_out *o, const struct row_value *v, const uint16_t *starts, size_t i,
	size_t n, struct span record);

/* Writes ASCII text unchanged, as typed_put(), faster: ROW_SLACK bytes after its end are readable. */
void row_put(struct typed_out *o, const char *text, size_t n);

/* Pads to the start of a column, or by one blank if the line is already past it. */
void row_gap(struct typed_out *o, size_t start);

#endif

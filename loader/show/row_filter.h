/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which records are shown: --where 'ret < 0 && comm == "sshd"'.
 *
 *	expression	a && b, a || b, !a, (a); || binds least
 *	comparison	NAME OP VALUE; NAME alone: is not zero
 *	NAME		a column, "outer.inner" in nested structs; "value" if the record has no members;
 *			of an entry of a map, also "key.inner", "value.inner"
 *	OP		== (or =), !=, <, <=, >, >=; ~ and !~: the text as it is shown contains VALUE
 *	VALUE		a word or, in quotes, text; in the form in which the type is shown (docs/values.md),
 *			or a time with a unit (10ms)
 *
 * An expression is parsed once, and bound once to each type of record. Text, types and records are not
 * trusted.
 */
#ifndef SONDE_ROW_FILTER_H
#define SONDE_ROW_FILTER_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "typed.h"

enum { FILTER_NODES = 64 };

enum filter_op {
	FILTER_OR, /* of left and right */
	FILTER_AND,
	FILTER_NOT,  /* of left */
	FILTER_TRUE, /* not zero */
	FILTER_EQ,
	FILTER_NE,
	FILTER_LT,
	FILTER_LE,
	FILTER_GT,
	FILTER_GE,
	FILTER_HAS,
	FILTER_HAS_NOT,
};

struct row_filter {
	const char *text; /* as given */
	struct filter_node {
		uint8_t op, left, right;
		const char *name, *value; /* of comparisons */
	} nodes[FILTER_NODES];
	unsigned n, root;
};

/* Parses an expression. Strings from a. False with e set; e is one line that shows the place. */
bool row_filter_parse(struct row_filter *f, const char *text, struct arena *a, struct err *e);

/* A filter for one type of record. */
struct row_bound {
	const struct row_filter *filter;
	bool rejects; /* everything */
	const struct btf *btf;
	struct bound_field {
		struct typed_field field;
		struct typed_shape shape;
		unsigned record;   /* which one it is in */
		uint64_t number;   /* the value of a number */
		struct span bytes; /* of anything else */
	} * fields;                /* by node */
};

/*
 * Binds a filter to the type of a record or, n is 2, to those of the key and value of a map. False with e set: a
 * name that they do not have (*missing), with a hint that lists those that they have; or a value that is none
 * of the member's type. Memory from a.
 */
bool row_filter_bind(struct row_bound *b, const struct row_filter *f, const struct btf *btf,
	const uint32_t *types, unsigned n, bool *missing, struct arena *a, struct err *e);

/* Whether a record, or a key and a value, are to be shown. Without a filter (b->filter NULL) all are. */
bool row_filter_accepts(const struct row_bound *b, const struct span *records);

/* Whether a list "pid,ctx.comm" has the member with this path, one around it or, if it is a struct, one inside
 * of it (*whole is false then). list NULL: everything. */
bool row_list_has(const char *list, const char *path, bool *whole);

/* Finds a member by its path, "outer.inner"; members of anonymous structs belong to what is around them. */
bool row_find_field(const struct btf *b, uint32_t type, const char *path, struct typed_field *f);

/* Appends the names of all members that are no structs to the list in buf, as "pid, comm". */
void row_list_names(const struct btf *b, uint32_t type, char *buf, size_t size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that compare lists of calls. */
#ifndef SONDE_CALL_DIFF_IMPL_H
#define SONDE_CALL_DIFF_IMPL_H

#include "call_diff.h"

/* fields: "name=value\n" for each. */
struct listed_call {
	char command[48];
	const char *fields, *name;
	int error; /* errno, 0 if it succeeded */
	/* Of a plan that is compared with another one: such calls are alike only if their names are. */
	const struct plan *plan;
	const struct plan_step *step;
};

/* A new call at the end of the list, with an empty name; NULL if memory is exhausted. */
struct listed_call *call_list_grow(struct call_list *l);

/* Walks through two lists side by side. False if memory is exhausted; else to be called until
 * call_walk_next() returns false, which frees it. */
struct call_walk {
	const struct call_list *a, *b;
	uint16_t *best;
	size_t i, j;
};
bool call_walk_start(struct call_walk *w, const struct call_list *a, const struct call_list *b);

/* The next call of both lists, or of one; the other is NULL. */
bool call_walk_next(
	struct call_walk *w, const struct listed_call **a, const struct listed_call **b);

/* Prints the fields of a that b has not, or with another value; out NULL: only tells whether there are any. */
bool print_others(const char *a, const char *b, char sign, FILE *out);

#endif

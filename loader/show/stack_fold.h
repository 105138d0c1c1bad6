/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Counts the stacks of records and writes them in folded format (stack_view.h), one line per stack, most
 * frequent first. Names are looked up when a record arrives, since its process may exit.
 */
#ifndef SONDE_STACK_FOLD_H
#define SONDE_STACK_FOLD_H

#include <stdio.h>

#include "stack_parts.h"

struct stack_count;

/* {.arena = a} is an empty one, which needs no more than that. */
struct stack_fold {
	struct arena *arena; /* for the texts of stacks */
	FILE *file;          /* writes to text */
	char *text;
	size_t size;
	struct stack_count *items;
	size_t n, room;
	uint32_t *index; /* open addressing: item + 1; 0 free */
	size_t slots;    /* of index: a power of two */
	uint64_t others; /* records whose stacks were too many, or memory exhausted */
};

/* Stacks that are told apart; the records of further ones are counted in a line "[more stacks]". */
enum { STACK_FOLD_MAX = 1 << 16 };

/* Adds the stacks of a record, as one. */
void stack_fold_add(struct stack_fold *f, const struct stack_parts *p, struct span record);

/* Writes all lines, sorting them in place; after that, none can be added. */
void stack_fold_print(struct stack_fold *f, FILE *out);

void stack_fold_close(struct stack_fold *f);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Stacks with weights, for people, heaviest first, with the running function at the top:
 *
 *	samples: 198 in 3 stacks
 *	   180  90.9%  busy
 *	               spin
 *	               main
 *	               __libc_start_main
 *
 * and in folded format, for programs that draw flame graphs, one line per stack, outermost first:
 *
 *	busy;__libc_start_main;main;spin 180
 *
 * Stacks with the same names are merged.
 */
#ifndef SONDE_STACKVIEW_H
#define SONDE_STACKVIEW_H

#include <stdio.h>

#include "typed.h"

struct stack_row {
	const char *head;          /* the owner of the stack, "" if unknown */
	const char *const *frames; /* innermost first */
	size_t n;
	uint64_t weight;
};

struct stack_view {
	const char *name;
	enum typed_unit unit; /* of the weights */
	bool folded;
	unsigned rows;  /* limit for lines, not in folded format; 0: none */
	unsigned width; /* columns; 0: no limit */
};

/* Sorts and merges rows in place. */
void stack_view_print(FILE *out, const struct stack_view *v, struct stack_row *rows, size_t n);

/* Writes one stack in folded format, without its weight: "busy;main;spin". frames: n, innermost first. */
void stack_view_fold(FILE *out, const char *head, const char *const *frames, size_t n);

#endif

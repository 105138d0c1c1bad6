/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Stacks with numbers, for people, heaviest first, what runs at the top:
 *
 *	samples: 198 in 3 stacks
 *	   180  90.9%  busy
 *	               spin
 *	               main
 *	               __libc_start_main
 *
 * and folded, for programs that draw flame graphs of them, one line a stack from the outside in:
 *
 *	busy;__libc_start_main;main;spin 180
 *
 * Stacks that look alike by their names are one.
 */
#ifndef SONDE_STACKVIEW_H
#define SONDE_STACKVIEW_H

#include <stdio.h>

#include "typed.h"

struct stack_row {
	const char *head;          /* whose stack it is, "" unknown */
	const char *const *frames; /* innermost first */
	size_t n;
	uint64_t weight;
};

struct stackview {
	const char *name;
	enum typed_unit unit; /* of the weights */
	bool folded;
	unsigned rows;  /* at most so many lines for people; 0: all */
	unsigned width; /* columns; 0: any number */
};

/* Rows are put in another order and merged. */
void stackview_show(FILE *out, const struct stackview *v, struct stack_row *rows, size_t n);

#endif

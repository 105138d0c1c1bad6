/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Two ways to load an object: the calls that a plan has, and those that another program has made. */
#ifndef SONDE_CALL_DIFF_H
#define SONDE_CALL_DIFF_H

#include "elf/base/arena.h"
#include "loader/plan/plan.h"

#include <stdio.h>

/* Calls, reduced to what can be compared: descriptors to what they are, data to its size. Start with {0};
 * ends with its arena. */
struct call_list {
	struct arena arena;
	struct listed_call *calls;
	size_t n, room;
};

enum { CALL_LIST_MAX = 2048 /* the others are not compared */ };

/* Adds a step, which failed with error (0: it did not). False if memory is exhausted. */
bool call_list_add(struct call_list *l, const struct plan *p, const struct plan_step *s, int error);

/* Adds the system calls of a plan, without fallbacks. */
bool call_list_add_plan(struct call_list *l, const struct plan *p);

/*
 * Prints both, aligned by command and the name of the object: '-' before what is only in the first list, '+'
 * before what is only in the second, and before each field that differs. False if memory is exhausted.
 */
bool call_lists_print(const struct call_list *planned, const struct call_list *made, FILE *out);

#endif

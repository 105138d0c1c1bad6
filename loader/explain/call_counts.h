/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Calls of other processes by command: how many, how many failed, how long they took. */
#ifndef SONDE_CALL_COUNTS_H
#define SONDE_CALL_COUNTS_H

#include "loader/trace/seen.h"

#include <stdio.h>

struct call_count {
	char command[48];
	uint64_t calls, errors, ns;
};

/* Start with {0}. */
struct call_counts {
	struct arena arena;
	struct call_count *rows;
	size_t n, room;
};

/* False if memory is exhausted. */
bool call_counts_add(struct call_counts *c, const struct seen *s);

/* Prints a table, the longest time first, or an object per row. */
void call_counts_print(struct call_counts *c, bool json, FILE *out);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What programs of a hook can attach to on this machine: functions, events, probes, interfaces, cgroups. */
#ifndef SONDE_POINTS_H
#define SONDE_POINTS_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "loader/hook/hook.h"

#include <stdio.h>

struct points {
	struct target *kernel; /* borrowed, as its arena */
	const char *pattern;   /* with * and ?; NULL: all */
	const char **list;     /* untrusted; sorted by points_find() */
	size_t n, room;
	bool unsure; /* the kernel does not tell which functions can be traced: all are listed */
};

/* Whether points of the hook are those of a file: a program or a library. */
bool points_of_file(const struct hook *h);

/*
 * Finds the points of a hook whose name, or that after "MODULE:" or "CATEGORY/", matches the pattern. file:
 * if points_of_file(). False with e set: what they are listed in cannot be read, or there is no such list.
 */
bool points_find(struct points *p, const struct hook *h, const char *file, struct err *e);

/* Prints them, one a line. */
void points_print(const struct points *p, const struct hook *h, bool json, FILE *out);

#endif

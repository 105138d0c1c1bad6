/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The table of hooks for people: `sonde hooks`, docs/hooks.md. */
#ifndef SONDE_HOOKS_H
#define SONDE_HOOKS_H

#include <stdbool.h>
#include <stdio.h>

enum hooks_how {
	HOOKS_TEXT,
	HOOKS_FACTS, /* with program type, attach type and the ways to attach */
	HOOKS_JSON,  /* all of that, one object a line */
};

/* All section names, family by family; or those that begin with a word, or whose family it names
 * (NULL: all). False when there are none. */
bool hooks_print(const char *word, enum hooks_how how, FILE *out);

#endif

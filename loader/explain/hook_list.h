/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Prints the tables of hooks: `sonde hooks`, docs/hooks.md. */
#ifndef SONDE_HOOK_LIST_H
#define SONDE_HOOK_LIST_H

#include <stdbool.h>
#include <stdio.h>

enum hooks_how {
	HOOKS_TEXT,
	HOOKS_FACTS, /* with program type, attach type and methods of attachment */
	HOOKS_JSON,  /* all of that, one object per line */
};

struct hook;
typedef bool (*hooks_keep_fn)(const void *ctx, const struct hook *h);

/* Prints all hooks by family (word NULL), or the family of that name and the section names that
 * begin with the word; of these, those that keep() selects (NULL: all). False if there are none. */
bool hooks_print(
	const char *word, enum hooks_how how, hooks_keep_fn keep, const void *ctx, FILE *out);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The functions of the kernel that fit a pattern and may be traced, for hooks that take many. */
#ifndef SONDE_HOOK_MATCHES_H
#define SONDE_HOOK_MATCHES_H

#include "hook.h"

struct pattern_matches {
	struct planner *b;
	const char *pattern;
	char *names; /* one behind the other, terminated */
	size_t used, room;
	uint32_t *at; /* where each begins */
	size_t n, at_room;
};

/*
 * Finds every function that may be traced and fits the pattern (* and ?), all in the plan's arena;
 * those of modules are left out, for their names need not be unique. A plan that is only looked at
 * needs no tracefs: it gets every function that fits. Fails the planner when none does.
 */
void pattern_find(struct pattern_matches *m, struct planner *b, const struct hook_use *use,
	const char *pattern);

/* Is a name among them? */
bool pattern_has(const struct pattern_matches *m, const char *name);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Kernel functions that match a pattern, for hooks that attach to many functions. */
#ifndef SONDE_HOOK_PATTERN_H
#define SONDE_HOOK_PATTERN_H

#include "hook.h"

struct pattern_matches {
	struct plan_builder *b;
	const char *pattern;
	char *names; /* NUL-terminated strings in a row */
	size_t used, room;
	uint32_t *at; /* offset of each name */
	size_t n, at_room;
};

/*
 * Finds all traceable functions that match the pattern (with * and ?; untrusted), in the plan's
 * arena: those of the kernel itself or, for "MODULE:PATTERN", of one module. A plan that is
 * only shown does without tracefs, which requires privileges: it gets all functions that match, even
 * if they are not traceable. No match fails the planner.
 */
void pattern_find(struct pattern_matches *m, struct plan_builder *b, const struct hook_use *use,
	const char *pattern);

/* The number of functions of the running kernel and its modules that match, traceable or not; 0 if
 * kallsyms cannot be read. */
size_t pattern_count(const struct hook_use *use, const char *pattern);

/* Is the name one of the matches? */
bool pattern_has(const struct pattern_matches *m, const char *name);

#endif

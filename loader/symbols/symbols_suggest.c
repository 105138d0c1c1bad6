/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "symbols_impl.h"

#include "elf/base/suggest.h"
#include "elf/base/text.h"

#include <limits.h>
#include <stdio.h>

/* 0 is best, UINT_MAX not similar. A mangled name contains the plain one. */
static unsigned score_of(const char *wanted, const char *name)
{
	size_t n = strlen(wanted), m = strlen(name);
	if (n >= 3 && m > n && strstr(name, wanted))
		return (unsigned)(2 + (m - n) / 4);
	unsigned limit = 1 + (unsigned)n / 4, d = edit_distance(wanted, name, limit);
	return d <= limit ? 2 * d : UINT_MAX;
}

void symbols_suggestion_add(struct symbols_suggestion *list, const char *name, unsigned score)
{
	for (size_t k = 0; k < SUGGESTIONS_MAX && list[k].name; k++)
		if (!strcmp(list[k].name, name))
			return;
	if (score >= list[SUGGESTIONS_MAX - 1].score)
		return;
	size_t k = SUGGESTIONS_MAX - 1;
	for (; k > 0 && score < list[k - 1].score; k--)
		list[k] = list[k - 1];
	list[k] = (struct symbols_suggestion){name, score};
}

bool symbols_suggest(const struct symbols *s, const char *wanted, char *buf, size_t size)
{
	struct symbols_suggestion list[SUGGESTIONS_MAX] = {0};
	for (const char *colons = wanted; (colons = strstr(colons, "::"));)
		wanted = colons += 2; /* Class::method */
	for (size_t k = 0; k < SUGGESTIONS_MAX; k++)
		list[k].score = UINT_MAX;
	for (struct symbols_walk w = {.elf = &s->elf}; symbols_next(s, &w);)
		if (symbols_is_function(s, &w))
			symbols_suggestion_add(list, w.sym.name, score_of(wanted, w.sym.name));
	*buf = 0;
	for (size_t k = 0; k < SUGGESTIONS_MAX && list[k].name; k++)
		text_list(buf, size, "%s", list[k].name);
	return *buf;
}

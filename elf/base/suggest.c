/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "suggest.h"

#include <stddef.h>
#include <string.h>

/* The largest distance worth a suggestion: one edit in a name of three, up to four in long ones. */
static unsigned edit_limit(const char *name)
{
	size_t n = strlen(name);
	return n < 3 ? 0 : n < 5 ? 1 : n < 16 ? 2 + (n >= 8) : 4;
}

unsigned edit_distance(const char *a, const char *b, unsigned limit)
{
	size_t n = strlen(a), m = strlen(b);
	unsigned row[SUGGEST_NAME_MAX + 1];
	if (n > SUGGEST_NAME_MAX || m > SUGGEST_NAME_MAX || n > m + limit || m > n + limit)
		return limit + 1;
	for (unsigned k = 0; k <= m; k++)
		row[k] = k;
	for (size_t i = 0; i < n; i++) {
		unsigned corner = row[0], least = ++row[0];
		for (size_t k = 0; k < m; k++) {
			unsigned change = corner + (a[i] != b[k]);
			corner = row[k + 1];
			unsigned gap = (corner < row[k] ? corner : row[k]) + 1;
			row[k + 1] = change < gap ? change : gap;
			if (row[k + 1] < least)
				least = row[k + 1];
		}
		if (least > limit)
			return limit + 1;
	}
	return row[m];
}

struct suggestion suggest_for(const char *wanted)
{
	return (struct suggestion){wanted, "", edit_limit(wanted) + 1};
}

bool suggest_consider(struct suggestion *s, const char *name)
{
	if (!*name || !s->below)
		return false;
	const char *wanted = s->wanted + strspn(s->wanted, "_");
	unsigned d = edit_distance(wanted, name + strspn(name, "_"), s->below - 1);
	if (d >= s->below)
		return false;
	s->best = name;
	s->below = d;
	return true;
}

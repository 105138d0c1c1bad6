/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "suggest.h"

#include <stddef.h>
#include <string.h>

/* Changes that we still call near: one in a name of three, up to four in long ones. */
static unsigned near_limit(const char *name)
{
	size_t n = strlen(name);
	return n < 3 ? 0 : n < 5 ? 1 : n < 16 ? 2 + (n >= 8) : 4;
}

/* The edit distance of two names, or limit + 1 when it is more. Underscores in front don't count:
 * that is how the kernel renames what nobody should use directly. */
static unsigned distance(const char *a, const char *b, unsigned limit)
{
	a += strspn(a, "_");
	b += strspn(b, "_");
	size_t n = strlen(a), m = strlen(b);
	unsigned row[NEAREST_LONG + 1];
	if (n > NEAREST_LONG || m > NEAREST_LONG || n > m + limit || m > n + limit)
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

struct nearest nearest_to(const char *wanted)
{
	return (struct nearest){wanted, "", near_limit(wanted) + 1};
}

bool nearest_consider(struct nearest *near, const char *name)
{
	if (!*name || !near->below)
		return false;
	unsigned d = distance(near->wanted, name, near->below - 1);
	if (d >= near->below)
		return false;
	near->best = name;
	near->below = d;
	return true;
}

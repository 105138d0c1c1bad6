/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "suggest.h"

#include "text.h"

#include <string.h>

/* The largest distance worth a suggestion: one edit in a name of three, up to four in long ones. */
static unsigned edit_limit(const char *name)
{
	size_t n = strlen(name);
	return n < 3 ? 0 : n < 5 ? 1 : n < 16 ? 2 + (n >= 8) : 4;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned edit_distance(const char *a, const char *b, unsigned limit)
{
	size_t n = strlen(a), m = strlen(b);
	/* Three rows of the table of distances between beginnings: a swap refers to the last but
	 * one. */
	unsigned rows[3][SUGGEST_NAME_MAX + 1], *before = rows[0], *last = rows[1], *row = rows[2];
	if (n > SUGGEST_NAME_MAX || m > SUGGEST_NAME_MAX || n > m + limit || m > n + limit)
		return limit + 1;
	for (unsigned k = 0; k <= m; k++)
		row[k] = k;
	for (size_t i = 1; i <= n; i++) {
		unsigned *free = before;
		before = last;
		last = row;
		row = free;
		row[0] = (unsigned)i;
		unsigned best = row[0];
		for (size_t k = 1; k <= m; k++) {
			row[k] = least(least(last[k], row[k - 1]) + 1,
				last[k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				row[k] = least(row[k], before[k - 2] + 1);
			best = least(best, row[k]);
		}
		if (best > limit)
			return limit + 1;
	}
	return row[m];
}

struct suggestion suggest_for(const char *wanted)
{
	return (struct suggestion){.wanted = wanted, .limit = edit_limit(wanted)};
}

static unsigned common_start(const char *a, const char *b)
{
	unsigned n = 0;
	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

void suggest_consider_start(struct suggestion *s, const char *name, size_t n)
{
	char start[SUGGEST_NAME_MAX + 1];
	size_t length = strlen(name);
	if (!n || length > SUGGEST_NAME_MAX || n > length)
		return;
	memcpy(start, name, n);
	start[n] = 0;
	const char *wanted = s->wanted + strspn(s->wanted, "_"),
		   *plain = start + strspn(start, "_");
	unsigned d = edit_distance(wanted, plain, s->limit), common = common_start(wanted, plain);
	if (d > s->limit || !*plain)
		return;
	if (d < s->limit)
		s->n = 0;
	s->limit = d;
	unsigned at = s->n;
	for (unsigned i = 0; i < s->n; i++) {
		if (!strcmp(s->near[i].name, name))
			return;
		if (at == s->n && common > s->near[i].common)
			at = i;
	}
	if (at == SUGGEST_MAX)
		return;
	s->n += s->n < SUGGEST_MAX;
	memmove(&s->near[at + 1], &s->near[at], (s->n - 1 - at) * sizeof *s->near);
	s->near[at].common = common;
	memcpy(s->near[at].name, name, length + 1);
}

void suggest_consider(struct suggestion *s, const char *name)
{
	suggest_consider_start(s, name, strlen(name));
}

const char *suggest_text(const struct suggestion *s, char *buf, size_t size)
{
	*buf = 0;
	for (unsigned i = 0; i < s->n; i++)
		text_list(buf, size, "%s", s->near[i].name);
	return buf;
}

bool suggest_hint(const struct suggestion *s, const char *are, const char *names, struct err *e)
{
	char near[sizeof s->near];
	const char *quote = s->n == 1 ? "'" : "";
	if (!s->n)
		return err_hint(e, "%s: %s", are, names);
	return err_hint(e, "did you mean %s%s%s? %s: %s", quote, suggest_text(s, near, sizeof near),
		quote, are, names);
}

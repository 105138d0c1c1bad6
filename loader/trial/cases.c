/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cases.h"

#include "elf/base/number.h"

static const char arrow[] = "->";

/* Without blanks at both ends, in place. */
static char *trim(char *s)
{
	s += strspn(s, " \t\r");
	size_t n = strlen(s);
	while (n && strchr(" \t\r", s[n - 1]))
		s[--n] = 0;
	return s;
}

/* The last occurrence of a text outside of quotes, or NULL. */
static char *find_last(char *s, const char *what)
{
	char *found = NULL;
	bool quoted = false;
	for (size_t n = strlen(what); *s; s++) {
		if (*s == '"')
			quoted = !quoted;
		if (quoted && *s == '\\' && s[1])
			s++;
		else if (!quoted && !strncmp(s, what, n))
			found = s;
	}
	return found;
}

/* Cuts "x N" off the end of a packet. */
static bool take_times(struct trial_case *c, char *packet, struct err *e)
{
	char *end, *x = find_last(packet, " x ");
	c->times = 1;
	if (!x)
		return true;
	const char *text = trim(x + 3);
	uint64_t n = text_u64(text, &end, 10);
	if (end == text || *end || !n || n > CASE_TIMES_MAX)
		return err_set(e, "expected a number of times from 1 to %d after 'x', got '%.40s'",
			CASE_TIMES_MAX, text);
	*x = 0;
	c->times = (uint32_t)n;
	return true;
}

/* "NAME: PACKET -> VERDICT [= PACKET]" */
static bool parse_case(struct trial_case *c, char *line, struct err *e)
{
	char *colon = strstr(line, ": "), *to = colon ? find_last(colon, arrow) : NULL;
	if (!colon || !to) {
		err_set(e, "expected NAME: PACKET -> VERDICT");
		return err_hint(e,
			"or: prog NAME, set VAR=VALUE, put MAP[KEY] = VALUE, map MAP[KEY] = VALUE");
	}
	*colon = *to = 0;
	char *verdict = trim(to + sizeof arrow - 1), *output = strchr(verdict, '=');
	c->continues = *line == '+';
	c->name = trim(line + c->continues);
	if (output) {
		*output = 0;
		c->output = trim(output + 1);
	}
	c->verdict = trim(verdict);
	if (!take_times(c, colon + 1, e))
		return false;
	c->packet = trim(colon + 1);
	if (!*c->name || !*c->packet || !*c->verdict || (c->output && !*c->output))
		return err_set(e, "a %s is missing",
			!*c->name      ? "name"
			: !*c->verdict ? "verdict"
				       : "packet");
	return true;
}

/* "MAP[KEY] = VALUE", where the key may have brackets itself. */
static bool parse_entry(struct case_entry *entry, unsigned *n, char *text, struct err *e)
{
	unsigned depth = 0;
	bool quoted = false;
	char *open = strchr(text, '['), *close = open;
	for (; close && *close; close++) {
		quoted ^= *close == '"';
		depth += !quoted && *close == '[';
		depth -= !quoted && *close == ']';
		if (!depth)
			break;
	}
	char *equal = close && *close ? close + 1 + strspn(close + 1, " \t") : NULL;
	if (!equal || *equal != '=')
		return err_set(e, "expected MAP[KEY] = VALUE");
	if (*n == CASE_SETS)
		return err_set(e, "more than %d entries", CASE_SETS);
	*open = *close = 0;
	entry[(*n)++] = (struct case_entry){trim(text), trim(open + 1), trim(equal + 1)};
	return true;
}

/* What holds for the cases that follow. */
static bool parse_line(
	struct cases *c, struct trial_case *now, char *line, struct arena *a, struct err *e)
{
	if (!*line || *line == '#')
		return true;
	if (!strncmp(line, "prog ", 5) && !strstr(line, ": ")) {
		now->prog = trim(line + 5);
		return true;
	}
	if (!strncmp(line, "set ", 4) && !strstr(line, ": ")) {
		if (now->n_sets == CASE_SETS)
			return err_set(e, "more than %d variables", CASE_SETS);
		if (!strchr(line, '='))
			return err_set(e, "expected set VAR=VALUE");
		now->sets[now->n_sets++] = trim(line + 4);
		return true;
	}
	if (!strncmp(line, "put ", 4) && !strstr(line, ": "))
		return parse_entry(now->puts, &now->n_puts, line + 4, e);
	if (!strncmp(line, "map ", 4) && !strstr(line, ": ")) {
		struct trial_case *last = c->n ? &c->list[c->n - 1] : NULL;
		return last ? parse_entry(last->maps, &last->n_maps, line + 4, e)
		            : err_set(e, "there is no case before");
	}
	struct trial_case one = *now;
	if (!parse_case(&one, line, e))
		return false;
	if (one.continues && !c->n)
		return err_set(e, "there is no case before that it could continue");
	struct trial_case *list = arena_grow(a, c->list, c->n, &c->room, sizeof *list);
	if (!list)
		return err_nomem(e);
	c->list = list;
	list[c->n++] = one;
	return true;
}

bool cases_parse(struct cases *c, struct span text, struct arena *a, struct err *e)
{
	struct trial_case now = {0};
	*c = (struct cases){0};
	char *copy =
		memchr(text.p, 0, text.n) ? NULL : arena_strndup(a, (const char *)text.p, text.n);
	if (!copy)
		return memchr(text.p, 0, text.n) ? err_set(e, "it is not a text") : err_nomem(e);
	while (copy) {
		char *line = strsep(&copy, "\n");
		now.line++;
		if (!parse_line(c, &now, trim(line), a, e))
			return err_where(e, "line %u", now.line);
	}
	return c->n || err_set(e, "it has no cases");
}

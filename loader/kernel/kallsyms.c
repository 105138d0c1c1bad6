/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kallsyms.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 512 };

/* Parses the hexadecimal number at the start of a line; *end: the first character after it. */
static uint64_t parse_address(char *line, char **end)
{
	uint64_t v = 0;
	for (;; line++) {
		unsigned digit = (unsigned char)*line - '0', letter = (*line | 32) - 'a';
		if (digit > 9 && letter > 5)
			break;
		v = v << 4 | (digit > 9 ? letter + 10 : digit);
	}
	*end = line;
	return v;
}

/* "ffffffff81000000 T name	[module]" */
static bool parse(char *line, bool functions, struct kallsym *sym)
{
	char *type;
	*sym = (struct kallsym){.address = parse_address(line, &type), .module = ""};
	if (*type != ' ' || !type[1] || (functions && !strchr("tTwW", type[1])) || type[2] != ' ')
		return false;
	sym->name = type + 3;
	char *end = type + 3 + strcspn(type + 3, "\t\n");
	if (*end == '\t' && end[1] == '[') {
		sym->module = end + 2;
		end[2 + strcspn(end + 2, "]\n")] = 0;
	}
	*end = 0;
	return true;
}

long kallsyms_each(struct kfs *k, bool functions, kallsyms_fn fn, void *ctx)
{
	char line[LINE_SIZE];
	struct kallsym sym;
	FILE *f;
	int error = kfs_stream(k, KFS_PROC, "kallsyms", &f);
	if (error)
		return error;
	while (fgets(line, sizeof line, f))
		if (parse(line, functions, &sym) && !fn(ctx, &sym))
			break;
	fclose(f);
	return 0;
}

struct search {
	const char *name;
	uint64_t address;
	bool found, in_kernel, ambiguous;
	bool visible; /* some address is not 0 */
};

static bool search_symbol(void *ctx, const struct kallsym *sym)
{
	struct search *s = ctx;
	s->visible |= sym->address != 0;
	if (strcmp(sym->name, s->name) || (s->in_kernel && *sym->module))
		return true;
	bool better = !s->found || (!s->in_kernel && !*sym->module);
	s->ambiguous = !better && sym->address != s->address;
	s->address = better ? sym->address : s->address;
	s->in_kernel = !*sym->module;
	s->found = true;
	return !s->ambiguous;
}

int64_t kallsyms_address(struct kfs *k, const char *name, bool weak)
{
	struct search s = {.name = name};
	long r = kallsyms_each(k, false, search_symbol, &s);
	if (r < 0)
		return r;
	if (!s.found)
		return weak ? 0 : -ESRCH;
	if (s.ambiguous)
		return -ENOTUNIQ;
	return s.visible ? (int64_t)s.address : -EPERM;
}

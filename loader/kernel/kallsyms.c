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

/* What a line has besides "name [module]": "ffffffff81000000 T name	[module]". */
struct format {
	enum kfs_which which;
	const char *path;
	bool address;
	const char *types; /* those that are wanted; "": all, NULL: there are none */
};

static bool parse(char *line, const struct format *f, struct kallsym *sym)
{
	*sym = (struct kallsym){.module = ""};
	if (f->address) {
		sym->address = parse_address(line, &line);
		if (*line++ != ' ')
			return false;
	}
	if (f->types) {
		if (!*line || (*f->types && !strchr(f->types, *line)) || line[1] != ' ')
			return false;
		line += 2;
	}
	sym->name = line;
	char *end = line + strcspn(line, " \t\n");
	if (*end && end[1] == '[') {
		sym->module = end + 2;
		end[2 + strcspn(end + 2, "]\n")] = 0;
	}
	*end = 0;
	return true;
}

static long each(struct kfs *k, const struct format *format, kallsyms_fn fn, void *ctx)
{
	char line[LINE_SIZE];
	struct kallsym sym;
	FILE *f;
	int error = kfs_stream(k, format->which, format->path, &f);
	if (error)
		return error;
	while (fgets(line, sizeof line, f))
		if (parse(line, format, &sym) && !fn(ctx, &sym))
			break;
	fclose(f);
	return 0;
}

long kallsyms_each(struct kfs *k, bool functions, kallsyms_fn fn, void *ctx)
{
	const struct format f = {KFS_PROC, "kallsyms", true, functions ? "tTwW" : ""};
	return each(k, &f, fn, ctx);
}

long kallsyms_each_traceable(
	struct kfs *k, const char *list, bool addresses, kallsyms_fn fn, void *ctx)
{
	return each(k, &(struct format){KFS_TRACE, list, addresses, NULL}, fn, ctx);
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

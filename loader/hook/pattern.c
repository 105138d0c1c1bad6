/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "pattern.h"

#include "elf/base/glob.h"
#include "loader/symbols/ksyms.h"

#include <stdio.h>

static void add_match(struct pattern_matches *m, const char *name)
{
	size_t n = strlen(name) + 1;
	uint32_t *at = arena_grow(m->b->plan->arena, m->at, m->n, &m->at_room, sizeof *at);
	if (m->used + n > m->room) {
		size_t room = (m->room + n) * 2;
		char *more = arena_alloc(m->b->plan->arena, room);
		if (more && m->used)
			memcpy(more, m->names, m->used);
		m->names = more;
		m->room = room;
	}
	if (!at || !m->names) {
		plan_text(m->b, NULL);
		return;
	}
	memcpy(m->names + m->used, name, n);
	m->at = at;
	at[m->n++] = (uint32_t)m->used;
	m->used += n;
}

static bool is_match(const struct pattern_matches *m, const char *name, const char *module)
{
	return (!*module || strchr(m->pattern, ':')) &&
	       glob_match_function(m->pattern, name, module);
}

static void find_traceable(struct pattern_matches *m, struct kfs *k)
{
	char line[512];
	FILE *f;
	int error = kfs_stream(k, KFS_TRACE, "available_filter_functions", &f);
	if (error) {
		kfs_explain(k, KFS_TRACE, "available_filter_functions", error, m->b->e);
		m->b->failed = true;
		return;
	}
	while (!m->b->failed && fgets(line, sizeof line, f)) {
		char *module = strchr(line, '[');
		if (module)
			module[strcspn(module, "]")] = 0;
		line[strcspn(line, " \t\n")] = 0;
		if (is_match(m, line, module ? module + 1 : ""))
			add_match(m, line);
	}
	fclose(f);
}

static bool add_symbol(void *ctx, const char *name, const char *module)
{
	struct pattern_matches *m = ctx;
	if (is_match(m, name, module))
		add_match(m, name);
	return !m->b->failed;
}

static void find_symbols(struct pattern_matches *m, struct kfs *k)
{
	long r = ksyms_each(k, add_symbol, m);
	if (r < 0) {
		kfs_explain(k, KFS_PROC, "kallsyms", (int)r, m->b->e);
		m->b->failed = true;
	}
}

void pattern_find(struct pattern_matches *m, struct plan_builder *b, const struct hook_use *use,
	const char *pattern)
{
	*m = (struct pattern_matches){.b = b, .pattern = pattern};
	if (b->failed)
		return;
	if (use->kernel->dir) {
		hook_fail(b, NULL,
			"the functions that match '%s' are only known on the target kernel itself",
			pattern);
		return;
	}
	(use->show ? find_symbols : find_traceable)(m, use->kernel->kfs);
	if (!b->failed && !m->n)
		hook_fail(b, "those of a module match MODULE:PATTERN",
			"no traceable function matches '%s'", pattern);
}

struct count {
	const char *pattern;
	size_t n;
};

static bool count_match(void *ctx, const char *name, const char *module)
{
	struct count *c = ctx;
	c->n += glob_match_function(c->pattern, name, module);
	return true;
}

size_t pattern_count(const struct hook_use *use, const char *pattern)
{
	struct count c = {.pattern = pattern};
	ksyms_each(use->kernel->kfs, count_match, &c);
	return c.n;
}

bool pattern_has(const struct pattern_matches *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++)
		if (!strcmp(m->names + m->at[i], name))
			return true;
	return false;
}

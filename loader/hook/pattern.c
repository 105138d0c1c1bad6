/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "pattern.h"

#include "elf/base/glob.h"
#include "loader/kernel/kallsyms.h"

#include <string.h>

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

static bool add_symbol(void *ctx, const struct kallsym *sym)
{
	struct pattern_matches *m = ctx;
	if ((!*sym->module || strchr(m->pattern, ':')) &&
		glob_match_function(m->pattern, sym->name, sym->module))
		add_match(m, sym->name);
	return !m->b->failed;
}

/* Those that are traceable or, for plans that are only shown, all functions: any user can read that
 * list. */
static void find_functions(struct pattern_matches *m, struct kfs *k, bool all)
{
	static const char traceable[] = "available_filter_functions";
	long r = all ? kallsyms_each(k, true, add_symbol, m)
	             : kallsyms_each_traceable(k, traceable, false, add_symbol, m);
	if (r < 0) {
		kfs_explain(k, all ? KFS_PROC : KFS_TRACE, all ? "kallsyms" : traceable, (int)r,
			m->b->e);
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
	find_functions(m, use->kernel->kfs, use->show);
	if (!b->failed && !m->n)
		hook_fail(b, PACKED("those of a module match MODULE:PATTERN"),
			"no traceable function matches '%s'", pattern);
}

struct count {
	const char *pattern;
	size_t n;
};

static bool count_match(void *ctx, const struct kallsym *sym)
{
	struct count *c = ctx;
	c->n += glob_match_function(c->pattern, sym->name, sym->module);
	return true;
}

size_t pattern_count(const struct hook_use *use, const char *pattern)
{
	struct count c = {.pattern = pattern};
	kallsyms_each(use->kernel->kfs, true, count_match, &c);
	return c.n;
}

bool pattern_has(const struct pattern_matches *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++)
		if (!strcmp(m->names + m->at[i], name))
			return true;
	return false;
}

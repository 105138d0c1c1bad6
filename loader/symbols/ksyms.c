/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "ksyms.h"

#include "elf/base/format.h"
#include "elf/base/search.h"
#include "elf/base/text.h"
#include "elf/base/suggest.h"
#include "loader/kernel/kallsyms.h"

#include <stdlib.h>
#include <string.h>

enum {
	CLONES_MAX = 4,
	FUNCTION_MAX = 128 << 10, /* sizes are unknown: the last function before a gap ends here */
};

struct reading {
	struct ksyms_table *t;
	struct arena *a;     /* for names */
	struct arena growth; /* for the list until its length is known */
	size_t room;
	struct arena_names names;
	bool sorted;
};

static bool add_function(void *ctx, const struct kallsym *sym)
{
	struct reading *r = ctx;
	struct ksyms_table *t = r->t;
	if (!sym->address || *sym->name == '$') /* hidden; a mapping symbol of ARM */
		return true;
	struct ksym *grown = arena_grow(&r->growth, t->list, t->n, &r->room, sizeof *t->list);
	const char *copy = grown ? arena_name(r->a, &r->names, sym->name) : NULL;
	if (!copy)
		return false;
	t->list = grown;
	r->sorted = r->sorted && (!t->n || grown[t->n - 1].address <= sym->address);
	grown[t->n++] = (struct ksym){sym->address, copy};
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct ksym *x = a, *y = b;
	return (x->address > y->address) - (x->address < y->address);
}

void ksyms_read(struct ksyms_table *t, struct kfs *k, struct arena *a)
{
	struct reading r = {.t = t, .a = a, .sorted = true};
	*t = (struct ksyms_table){0};
	kallsyms_each(k, true, add_function, &r);
	t->list = t->n ? arena_copy(a, t->list, t->n * sizeof *t->list) : NULL;
	t->n = t->list ? t->n : 0;
	arena_free(&r.growth);
	if (t->n && !r.sorted)
		qsort(t->list, t->n, sizeof *t->list, by_address);
}

const char *ksyms_at(const struct ksyms_table *t, uint64_t address, uint64_t *plus)
{
	size_t low = search_above(
		t->list, t->n, sizeof *t->list, offsetof(struct ksym, address), address);
	*plus = low ? address - t->list[low - 1].address : 0;
	if (!low || *plus >= FUNCTION_MAX)
		return NULL;
	/* Of several names, use the first one. */
	while (low > 1 && t->list[low - 2].address == t->list[low - 1].address)
		low--;
	return t->list[low - 1].name;
}

struct function_suggestion {
	struct suggestion similar;
	char clones[CLONES_MAX][SUGGEST_NAME_MAX + 1];
	unsigned n_clones;
	size_t len;
};

/* Parts that the compiler split off do not contain the entry of the function. */
static bool is_clone(const char *suffix)
{
	return *suffix == '.' && !strstr(suffix, ".cold") && !strstr(suffix, ".llvm");
}

static bool consider(void *ctx, const struct kallsym *sym)
{
	struct function_suggestion *n = ctx;
	const char *name = sym->name;
	if (!strncmp(name, n->similar.wanted, n->len) && is_clone(name + n->len)) {
		if (n->n_clones < CLONES_MAX)
			text_print(n->clones[n->n_clones++], sizeof *n->clones, "%s", name);
		return true;
	}
	suggest_consider_start(&n->similar, name, strcspn(name, "."));
	return true;
}

void ksyms_suggest(struct kfs *k, const char *name, char *buf, size_t size)
{
	struct function_suggestion n = {.similar = suggest_for(name), .len = strlen(name)};
	buf[0] = 0;
	if (kallsyms_each(k, true, consider, &n) < 0)
		return;
	for (unsigned i = 0; i < n.n_clones; i++)
		text_list(buf, size, "%s", n.clones[i]);
	if (!n.n_clones)
		suggest_text(&n.similar, buf, size);
}

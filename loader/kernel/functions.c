/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "functions.h"

#include "elf/base/arena.h"
#include "elf/base/format.h"
#include "elf/base/glob.h"
#include "elf/base/span.h"
#include "kallsyms.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS = 8 };

/* ---- matches in the list ---- */

/* Since 5.19 the list contains a placeholder for the code of a weak function that was overridden. */
static bool is_placeholder(const char *name)
{
	static const char prefix[] = "__ftrace_invalid_address__";
	return !strncmp(name, prefix, sizeof prefix - 1);
}

struct match {
	const char *pattern;
	kallsyms_fn fn;
	void *ctx;
};

static bool pass_match(void *ctx, const struct kallsym *sym)
{
	const struct match *m = ctx;
	return !glob_match_function(m->pattern, sym->name, sym->module) ||
	       is_placeholder(sym->name) || m->fn(m->ctx, sym);
}

/* ---- addresses from the list ---- */

struct output {
	uint8_t *at;
	size_t n, room; /* in addresses */
	bool full;
};

static bool put_address(struct output *o, uint64_t address)
{
	o->full = o->n == o->room;
	if (!o->full)
		bytes_put(o->at + o->n++ * ADDRESS, ADDRESS, host_is_big(), address);
	return !o->full;
}

static bool put_symbol(void *ctx, const struct kallsym *sym)
{
	return put_address(ctx, sym->address);
}

static int64_t number_of(const struct output *o)
{
	return o->full ? -E2BIG : o->n ? (int64_t)o->n : -ENOENT;
}

/* ---- a table of names ---- */

struct function {
	const char *name, *module;
	unsigned listed, seen; /* traceable functions, symbols in kallsyms */
};

struct address {
	uint64_t address;
	uint32_t function;
};

struct table {
	struct arena arena;
	struct function *list;
	size_t n, room;
	struct address *addresses;
	size_t n_addresses, addresses_room;
	struct arena_names names;
	bool failed;  /* out of memory */
	bool visible; /* kallsyms has an address that is not 0 */
};

static bool add_function(void *ctx, const struct kallsym *sym)
{
	struct table *t = ctx;
	struct function *grown = arena_grow(&t->arena, t->list, t->n, &t->room, sizeof *grown);
	const char *name = arena_name(&t->arena, &t->names, sym->name),
		   *module = arena_name(&t->arena, &t->names, sym->module);
	t->failed = !grown || !name || !module;
	if (t->failed)
		return false;
	t->list = grown;
	grown[t->n++] = (struct function){name, module, 1, 0};
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct function *x = a, *y = b;
	int order = strcmp(x->name, y->name);
	return order ? order : strcmp(x->module, y->module);
}

/* Reads the table: sorted, one entry for each name and module. */
static int read_table(struct table *t, struct kfs *k, const char *list, const char *pattern)
{
	struct match m = {pattern, add_function, t};
	int r = (int)kallsyms_each_traceable(k, list, false, pass_match, &m);
	size_t kept = 0;
	if (t->n)
		qsort(t->list, t->n, sizeof *t->list, by_name);
	for (size_t i = 0; i < t->n; i++)
		if (kept && !by_name(&t->list[kept - 1], &t->list[i]))
			t->list[kept - 1].listed++;
		else
			t->list[kept++] = t->list[i];
	t->n = kept;
	return t->failed ? -ENOMEM : r;
}

/* ---- addresses from kallsyms ---- */

static bool add_address(void *ctx, const struct kallsym *sym)
{
	struct table *t = ctx;
	const struct function key = {.name = sym->name, .module = sym->module};
	struct function *f = t->n ? bsearch(&key, t->list, t->n, sizeof key, by_name) : NULL;
	t->visible |= sym->address != 0;
	if (!f)
		return true;
	struct address *grown = arena_grow(
		&t->arena, t->addresses, t->n_addresses, &t->addresses_room, sizeof *grown);
	t->failed = !grown;
	if (t->failed)
		return false;
	t->addresses = grown;
	grown[t->n_addresses++] = (struct address){sym->address, (uint32_t)(f - t->list)};
	f->seen++;
	return true;
}

static int64_t addresses_of_names(
	struct kfs *k, const char *list, const char *pattern, struct output *o)
{
	struct table t = {0};
	long r = read_table(&t, k, list, pattern);
	if (!r && t.n)
		r = kallsyms_each(k, true, add_address, &t);
	for (size_t i = 0; !r && i < t.n_addresses; i++) {
		const struct function *f = &t.list[t.addresses[i].function];
		if (f->seen == f->listed && !put_address(o, t.addresses[i].address))
			break;
	}
	if (!r && t.failed)
		r = -ENOMEM;
	else if (!r && t.n_addresses && !t.visible)
		r = -EADDRNOTAVAIL;
	arena_free(&t.arena);
	return r ? r : number_of(o);
}

int64_t functions_addresses(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size)
{
	struct output o = {.at = out, .room = size / ADDRESS};
	struct match m = {pattern, put_symbol, &o};
	char with_addresses[64];
	text_print(with_addresses, sizeof with_addresses, "%s_addrs", list);
	long r = kallsyms_each_traceable(k, with_addresses, true, pass_match, &m);
	if (r == -ENOENT)
		return addresses_of_names(k, list, pattern, &o);
	return r ? r : number_of(&o);
}

/* ---- names ---- */

int64_t functions_names(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size)
{
	struct table t = {0};
	struct output o = {.at = out, .room = size / 4 / ADDRESS};
	size_t used = o.room * ADDRESS;
	int r = read_table(&t, k, list, pattern);
	for (size_t i = 0; !r && i < t.n; i++) {
		bool next = i + 1 < t.n && !strcmp(t.list[i].name, t.list[i + 1].name);
		bool before = i && !strcmp(t.list[i].name, t.list[i - 1].name);
		size_t n = strlen(t.list[i].name) + 1;
		if (next || before || t.list[i].listed > 1)
			continue;
		if (n > size - used || !put_address(&o, (uint64_t)(uintptr_t)(out + used))) {
			r = -E2BIG;
			break;
		}
		memcpy(out + used, t.list[i].name, n);
		used += n;
	}
	arena_free(&t.arena);
	return r ? r : number_of(&o);
}

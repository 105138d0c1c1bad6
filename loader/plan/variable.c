/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A global variable is a range of bytes in the initial value of a data section's map. BTF has its
 * offset and type.
 */
#include "variable.h"

#include "elf/base/text.h"
#include "elf/btf/btf.h"
#include "loader/value/value.h"

#include <stdio.h>

enum { HINT_NAMES = 360 };

struct place {
	const struct btf *btf;
	struct plan_blob *blob;
	uint32_t off, type;
	const char *name;
	bool big;
};

/* Whether to list the variable in hints: not if the compiler made it up (strings of bpf_printk). */
static bool is_public(const struct btf_type *var)
{
	const char *name = btf_name(var);
	return btf_var_linkage(var) != BTF_STATIC && *name && !strchr(name, '.') &&
	       strncmp(name, "____", 4) != 0;
}

/* Calls fn for each variable of each data section until it returns true. */
static bool each_variable(const struct plan *p, const struct btf *b,
	bool (*fn)(void *ctx, const struct btf_type *var, struct place place), void *ctx)
{
	struct btf_type sec, var;
	for (size_t m = 0; m < p->n_maps; m++) {
		if (!p->maps[m].data || p->maps[m].init == PLAN_NONE)
			continue;
		btf_type(b, p->maps[m].value_type, &sec);
		for (uint32_t i = 0; sec.kind == BTF_DATASEC && i < sec.vlen; i++) {
			struct btf_secinfo info = btf_secinfo(&sec, i);
			if (!btf_type(b, info.type, &var) || var.kind != BTF_VAR)
				continue;
			struct place place = {.btf = b,
				.blob = &p->blobs[p->maps[m].init],
				.off = info.offset,
				.type = var.type,
				.name = btf_name(&var),
				.big = p->big};
			if (fn(ctx, &var, place))
				return true;
		}
	}
	return false;
}

struct search {
	const char *name;
	size_t len;
	struct place found;
	unsigned n_found;       /* static variables of several source files may share a name */
	char names[HINT_NAMES]; /* for the hint */
};

static bool match(void *ctx, const struct btf_type *var, struct place place)
{
	struct search *s = ctx;
	if (strlen(place.name) == s->len && !strncmp(place.name, s->name, s->len)) {
		s->found = place;
		s->n_found++;
	}
	if (is_public(var))
		text_list(s->names, sizeof s->names, "%s", place.name);
	return false;
}

static bool set_variable(const struct place *at, const char *text, struct err *e)
{
	char who[128];
	snprintf(who, sizeof who, "variable '%s'", at->name);
	if (!at->blob->bytes || at->off > at->blob->size)
		return err_set(e, "%s exceeds its section", who);
	const struct value value = {.btf = at->btf,
		.type = at->type,
		.to = at->blob->bytes + at->off,
		.room = at->blob->size - at->off,
		.big = at->big,
		.who = who};
	return value_put(&value, text, e);
}

bool plan_set_variable(struct plan *p, const char *assignment, struct err *e)
{
	const char *equals = strchr(assignment, '=');
	struct arena scratch = {0};
	struct btf b;
	if (!equals || equals == assignment)
		return err_set(e, "'%s' is not VAR=VALUE", assignment);
	struct search s = {.name = assignment, .len = (size_t)(equals - assignment)};
	bool ok = false;
	if (!p->btf.n) {
		err_set(e, "%s: the object has no names of variables (no BTF)", p->path);
		err_hint(e, "compile the object with -g");
	} else if (btf_open(&b, p->btf, NULL, &scratch, e)) {
		each_variable(p, &b, match, &s);
		if (s.n_found > 1) {
			err_set(e, "%u variables are called '%.*s'", s.n_found, (int)s.len, s.name);
			err_hint(e, "static variables of several source files: rename one");
		} else if (s.n_found) {
			ok = set_variable(&s.found, equals + 1, e);
		} else {
			err_set(e, "there is no variable '%.*s'", (int)s.len, s.name);
			err_hint(e, "%s%s",
				*s.names ? "its variables are: " : "it has no global variables",
				s.names);
		}
		if (!ok)
			err_where(e, "%s", p->path);
	}
	arena_free(&scratch);
	return ok;
}

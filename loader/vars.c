/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * plan_set(): global variables get their values before anything is loaded. A variable is a part of
 * the initial bytes of a data section's map; which part, and what a text means for it, only BTF
 * knows.
 */
#include "plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { HINT_NAMES = 360 };

struct place {
	const struct btf *btf;
	struct plan_blob *blob;
	uint32_t off, type;
	const char *name;
	bool big;
	bool network; /* big-endian on every machine */
};

/* Visible to whoever sets variables: not those that compilers make up (strings of bpf_printk). */
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
	char names[HINT_NAMES]; /* of those that could be meant */
};

static bool match(void *ctx, const struct btf_type *var, struct place place)
{
	struct search *s = ctx;
	s->found = place;
	if (strlen(place.name) == s->len && !strncmp(place.name, s->name, s->len))
		return true;
	size_t n = strlen(s->names);
	if (is_public(var))
		snprintf(s->names + n, sizeof s->names - n, "%s%s", n ? ", " : "", place.name);
	return false;
}

static bool store(const struct place *at, unsigned size, uint64_t value, struct err *e)
{
	if (!at->blob->bytes ||
		!span_has((struct span){at->blob->bytes, at->blob->size, false}, at->off, size))
		return err_set(e, "variable '%s' is outside of its section", at->name);
	bytes_put(at->blob->bytes + at->off, size, at->big || at->network, value);
	return true;
}

/* Is it in the byte order of the network? That is what the types __be16, __be32, __be64 say. */
static bool is_network(const struct place *at)
{
	struct btf_type t;
	for (uint32_t id = at->type; btf_type(at->btf, id, &t); id = t.type) {
		const char *name = btf_name(&t) + strspn(btf_name(&t), "_");
		if (t.kind == BTF_TYPEDEF &&
			(!strcmp(name, "be16") || !strcmp(name, "be32") || !strcmp(name, "be64")))
			return true;
		if (t.kind != BTF_TYPEDEF && t.kind != BTF_CONST && t.kind != BTF_VOLATILE)
			break;
	}
	return false;
}

/* "10.0.0.2", whose first part is the highest byte of the number. */
static bool set_address(const struct place *at, const char *text, struct err *e)
{
	uint64_t value = 0;
	const char *p = text;
	for (int i = 0; i < 4; i++) {
		char *end = (char *)(uintptr_t)p;
		unsigned long part = *p >= '0' && *p <= '9' ? strtoul(p, &end, 10) : 0;
		if (end == p || part > 255 || *end != (i < 3 ? '.' : 0))
			return err_set(e,
				"'%s' is no IPv4 address, which variable '%s' takes: four numbers "
				"from 0 to 255",
				text, at->name);
		value = value << 8 | part;
		p = end + 1;
	}
	return store(at, 4, value, e);
}

static bool set_int(
	const struct place *at, const struct btf_type *t, const char *text, struct err *e)
{
	bool sign = btf_int_encoding(t) & BTF_INT_SIGNED;
	bool truth = btf_int_encoding(t) & BTF_INT_BOOL;
	unsigned bits = t->size < 8 ? t->size * 8 : 64;
	char *end;
	if (t->size > 8)
		return err_set(
			e, "variable '%s' has %" PRIu32 " bytes: too wide", at->name, t->size);
	const char *dot = strchr(text, '.');
	if (t->size == 4 && dot && strchr(dot + 1, '.'))
		return set_address(at, text, e);
	if (truth && (!strcmp(text, "true") || !strcmp(text, "false")))
		return store(at, t->size, *text == 't', e);
	errno = 0;
	bool negative = *text == '-';
	uint64_t v = negative ? (uint64_t)strtoll(text, &end, 0) : strtoull(text, &end, 0);
	if (end == text || *end || *text == ' ')
		return err_set(
			e, "'%s' is not a number, which variable '%s' takes", text, at->name);
	int64_t low = sign ? (int64_t)(UINT64_MAX << (bits - 1)) : 0;
	uint64_t high = truth  ? 1
	                : sign ? ((uint64_t)1 << (bits - 1)) - 1
	                       : UINT64_MAX >> (64 - bits);
	if (errno || (negative ? (int64_t)v < low : v > high))
		return err_set(e,
			"%s is out of the range of variable '%s': %" PRId64 " to %" PRIu64, text,
			at->name, low, high);
	return store(at, t->size, v, e);
}

static bool set_enum(
	const struct place *at, const struct btf_type *t, const char *text, struct err *e)
{
	char *end;
	for (uint32_t i = 0; i < t->vlen; i++) {
		struct btf_enumerator en = btf_enumerator(t, i);
		if (!strcmp(en.name, text))
			return store(at, t->size, (uint64_t)en.value, e);
	}
	uint64_t v = strtoull(text, &end, 0);
	if (end == text || *end)
		return err_set(
			e, "variable '%s': enum %s has no '%s'", at->name, btf_name(t), text);
	return store(at, t->size, v, e);
}

static bool set_text(
	const struct place *at, const struct btf_type *array, const char *text, struct err *e)
{
	struct btf_type element;
	uint32_t room = btf_array_len(array);
	size_t n = strlen(text);
	btf_skip(at->btf, array->type, &element);
	if (element.kind != BTF_INT || element.size != 1)
		return err_set(
			e, "variable '%s' is an array of numbers, which can't be set", at->name);
	if (n + 1 > room)
		return err_set(e,
			"'%s' is too long: variable '%s' has room for %" PRIu32 " characters", text,
			at->name, room ? room - 1 : 0);
	if (!at->blob->bytes ||
		!span_has((struct span){at->blob->bytes, at->blob->size, false}, at->off, room))
		return err_set(e, "variable '%s' is outside of its section", at->name);
	memset(at->blob->bytes + at->off, 0, room);
	memcpy(at->blob->bytes + at->off, text, n);
	return true;
}

static bool set_value(const struct place *at, const char *text, struct err *e)
{
	struct btf_type t;
	btf_skip(at->btf, at->type, &t);
	switch (t.kind) {
	case BTF_INT:
		return set_int(at, &t, text, e);
	case BTF_ENUM:
	case BTF_ENUM64:
		return set_enum(at, &t, text, e);
	case BTF_ARRAY:
		return set_text(at, &t, text, e);
	default:
		return err_set(e, "variable '%s' is a %s, which can't be set", at->name,
			btf_kind_name(t.kind));
	}
}

bool plan_set(struct plan *p, const char *assignment, struct err *e)
{
	const char *equals = strchr(assignment, '=');
	struct arena scratch = {0};
	struct btf b;
	if (!equals || equals == assignment)
		return err_set(e, "'%s' is not VAR=VALUE", assignment);
	struct search s = {.name = assignment, .len = (size_t)(equals - assignment)};
	bool ok = false;
	if (!p->btf.n) {
		err_set(e, "%s: the names of variables are not in it (no BTF)", p->path);
		err_hint(e, "compile the object with -g");
	} else if (btf_open(&b, p->btf, NULL, &scratch, e)) {
		if (each_variable(p, &b, match, &s)) {
			s.found.network = is_network(&s.found);
			ok = set_value(&s.found, equals + 1, e);
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

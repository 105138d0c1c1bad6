/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Makes BTF of languages other than C, and of newer C compilers, acceptable to kernels. Only names,
 * the order of members and references to void change. Types are read from the original; the copy is
 * created on the first change.
 */
#include "btf_sanitise.h"

#include <stdlib.h>

enum { NAME_LONGEST = 127 }; /* KSYM_NAME_LEN is 512 since 6.1 */

struct normalise {
	const struct btf *b;
	struct arena *arena;
	uint8_t *copy; /* NULL: no change so far */
	uint32_t byte; /* an INT of one byte, 0: none */
	bool failed;   /* out of memory */
};

/* The position in the copy of a byte of the original; NULL if memory is exhausted. */
static uint8_t *in_copy(struct normalise *w, const uint8_t *original)
{
	if (!w->copy && !w->failed)
		w->copy = arena_copy(w->arena, w->b->data.p, w->b->data.n);
	w->failed |= !w->copy;
	return w->copy ? w->copy + (original - w->b->data.p) : NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Most characters of names are lower case. Dots remain: kernels differ in where they accept them, see
 * btf_sanitise(). */
static bool is_valid(char c)
{
	return (uint8_t)(c - 'a') < 26 || c == '_' || (uint8_t)(c - 'A') < 26 || is_digit(c) ||
	       c == '.';
}

/* any: all characters are valid, as in section names. */
static void fix_name(struct normalise *w, uint32_t off, bool any)
{
	bool own = off >= w->b->first_string; /* not a string of the base */
	const char *name = own ? btf_str(w->b, off) : "";
	size_t n = any ? strnlen(name, NAME_LONGEST) : 0;
	for (; name[n] && n < NAME_LONGEST; n++) {
		if (is_valid(name[n]) && (n || !is_digit(*name)))
			continue;
		uint8_t *p = in_copy(w, (const uint8_t *)name + n);
		if (p)
			*p = '_';
	}
	uint8_t *end = name[n] ? in_copy(w, (const uint8_t *)name + n) : NULL;
	if (end)
		*end = 0;
}

static void drop_name(struct normalise *w, const struct btf_type *t)
{
	uint8_t *record = t->name_off ? in_copy(w, t->tail.p - BTF_RECORD) : NULL;
	if (record)
		bytes_put(record, 4, w->b->data.big, 0);
}

/* The first word of each part is its name. */
static void fix_parts(struct normalise *w, const struct btf_type *t)
{
	for (uint32_t i = 0; i < t->vlen; i++)
		fix_name(w, span_u32(t->tail, btf_part(t, i)), false);
}

struct sorted {
	uint32_t off, order;
};

static int by_offset(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static uint32_t bit_off(const struct btf_type *t, uint32_t i)
{
	uint32_t off = bytes_get32(t->tail.p + btf_part(t, i) + 2 * BTF_WORD, t->tail.big);
	return t->kflag ? off & 0xffffff : off;
}

/* Rust reorders fields but lists them in source order; kernels require the order of offsets. */
static void sort_members(struct normalise *w, const struct btf_type *t)
{
	uint32_t last = 0, n = 0;
	for (uint32_t off; n < t->vlen && (off = bit_off(t, n)) >= last; n++)
		last = off;
	if (n == t->vlen)
		return;
	struct sorted *all = arena_array(w->arena, t->vlen, sizeof *all);
	uint8_t *to = all ? in_copy(w, t->tail.p) : NULL;
	w->failed |= !to;
	if (!to)
		return;
	for (uint32_t i = 0; i < t->vlen; i++)
		all[i] = (struct sorted){bit_off(t, i), i};
	qsort(all, t->vlen, sizeof *all, by_offset);
	for (uint32_t i = 0; i < t->vlen; i++)
		memcpy(to + btf_part(t, i), t->tail.p + btf_part(t, all[i].order),
			btf_kinds[t->kind].each);
}

/* Replaces a reference to void, which members, variables and elements must not have, by a byte: that
 * of Rust's char, which has no type in BTF. original: the word, which may have been moved. */
static void fix_ref(struct normalise *w, const uint8_t *original)
{
	const uint8_t *now = w->copy ? in_copy(w, original) : original;
	if (!w->byte || bytes_get32(now, w->b->data.big))
		return;
	uint8_t *p = in_copy(w, original);
	if (p)
		bytes_put(p, 4, w->b->data.big, w->byte);
}

/* Naked functions have unnamed parameters, which kernels reject. They get the name of the function,
 * which is in the string section already. */
static void name_params(struct normalise *w, const struct btf_type *func)
{
	struct btf_type proto;
	if (!btf_type(w->b, func->type, &proto) || proto.kind != BTF_FUNC_PROTO)
		return;
	for (uint32_t i = 0; i < proto.vlen; i++) {
		struct btf_param param = btf_param(&proto, i);
		bool variadic = !param.type;
		uint8_t *p = *param.name || variadic
		                     ? NULL
		                     : in_copy(w, proto.tail.p + btf_part(&proto, i));
		if (p)
			bytes_put(p, 4, w->b->data.big, func->name_off);
	}
}

static void fix_type(struct normalise *w, const struct btf_type *t)
{
	if (btf_kind_in(t->kind, BTF_NAMED))
		fix_name(w, t->name_off, false);
	else if (btf_kind_in(t->kind, BTF_NAMELESS))
		drop_name(w, t);
	switch (t->kind) {
	case BTF_STRUCT:
	case BTF_UNION:
		fix_parts(w, t);
		sort_members(w, t);
		for (uint32_t i = 0; i < t->vlen; i++)
			fix_ref(w, t->tail.p + btf_part(t, i) + BTF_WORD);
		break;
	case BTF_VAR:
		fix_ref(w, t->tail.p - BTF_WORD);
		break;
	case BTF_ARRAY:
		fix_ref(w, t->tail.p);
		break;
	case BTF_FUNC:
		name_params(w, t);
		break;
	case BTF_ENUM64:
	case BTF_ENUM:
	case BTF_FUNC_PROTO:
		fix_parts(w, t);
		break;
	case BTF_DATASEC:
		fix_name(w, t->name_off, true);
		break;
	default:
		break;
	}
}

static bool disjoint(struct span a, struct span b)
{
	return !a.n || !b.n || a.p + a.n <= b.p || b.p + b.n <= a.p;
}

/* Overlapping sections cannot be modified independently; kernels reject them anyway. */
static bool is_disjoint(const struct btf *b)
{
	return disjoint(b->types, b->strings) && disjoint(b->types, b->layout) &&
	       disjoint(b->layout, b->strings);
}

/* The copy, or the original if nothing changed. */
static struct span finish(const struct normalise *w, struct err *e)
{
	if (w->failed) {
		err_nomem(e);
		return (struct span){NULL, 0, w->b->data.big};
	}
	return w->copy ? (struct span){w->copy, w->b->data.n, w->b->data.big} : w->b->data;
}

struct span btf_sort_members(const struct btf *b, struct arena *a, struct err *e)
{
	struct normalise w = {.b = b, .arena = a};
	for (struct btf_type t = {0}; is_disjoint(b) && btf_next_in(b, &t, 1u << BTF_STRUCT);)
		sort_members(&w, &t);
	return finish(&w, e);
}

struct span btf_normalise(const struct btf *b, struct arena *a, struct err *e)
{
	struct normalise w = {.b = b, .arena = a};
	for (struct btf_type t = {0}; !w.byte && btf_next_in(b, &t, 1u << BTF_INT);)
		w.byte = t.size == 1 ? t.id : 0;
	for (struct btf_type t = {0}; is_disjoint(b) && btf_next(b, &t);)
		if (t.kind < BTF_KINDS)
			fix_type(&w, &t);
	return finish(&w, e);
}

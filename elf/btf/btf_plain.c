/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * BTF of other languages than C, and of newer compilers of C, as kernels take it. Names, the order of
 * members and what has no type are all that changes; the types are walked in the original, and a
 * copy is made for the first change.
 */
#include "btf_sanitise.h"

#include <stdlib.h>

enum { NAME_LONGEST = 127 }; /* KSYM_NAME_LEN is 512 since 6.1 */

struct plain {
	const struct btf *b;
	struct arena *arena;
	uint8_t *copy; /* NULL: nothing has been changed yet */
	uint32_t byte; /* an INT of one byte, 0: there is none */
	bool failed;   /* memory is short */
};

/* Where a byte of the original is in the copy; NULL when memory is short. */
static uint8_t *twin(struct plain *w, const uint8_t *original)
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

/* Dots are for kernels to judge: the older they are, the fewer they take. */
static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
	       c == '.';
}

/* any: the characters don't matter, as in the name of a section. */
static void fix_name(struct plain *w, uint32_t off, bool any)
{
	bool own = off >= w->b->first_string; /* not the base's */
	const char *name = own ? btf_str(w->b, off) : "";
	size_t n = strlen(name);
	for (size_t i = 0; i < n && i < NAME_LONGEST && !any; i++) {
		if (is_plain(name[i]) && (i || !is_digit(name[i])))
			continue;
		uint8_t *p = twin(w, (const uint8_t *)name + i);
		if (p)
			*p = '_';
	}
	uint8_t *end = n > NAME_LONGEST ? twin(w, (const uint8_t *)name + NAME_LONGEST) : NULL;
	if (end)
		*end = 0;
}

static void drop_name(struct plain *w, const struct btf_type *t)
{
	uint8_t *record = t->name_off ? twin(w, t->tail.p - BTF_RECORD) : NULL;
	if (record)
		bytes_put(record, 4, w->b->data.big, 0);
}

/* The name of each part is its first word. */
static void fix_parts(struct plain *w, const struct btf_type *t)
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

/* Rust moves fields to where they fit and lists them as they were written; kernels want them by
 * offset. */
static void sort_members(struct plain *w, const struct btf_type *t)
{
	bool sorted = true;
	for (uint32_t i = 1; i < t->vlen && sorted; i++)
		sorted = btf_member(t, i - 1).bit_off <= btf_member(t, i).bit_off;
	if (sorted)
		return;
	struct sorted *all = arena_array(w->arena, t->vlen, sizeof *all);
	uint8_t *to = all ? twin(w, t->tail.p) : NULL;
	w->failed |= !to;
	if (!to)
		return;
	for (uint32_t i = 0; i < t->vlen; i++)
		all[i] = (struct sorted){btf_member(t, i).bit_off, i};
	qsort(all, t->vlen, sizeof *all, by_offset);
	for (uint32_t i = 0; i < t->vlen; i++)
		memcpy(to + btf_part(t, i), t->tail.p + btf_part(t, all[i].order),
			btf_kinds[t->kind].each);
}

/* A reference that some kinds must not leave at void: the word at `original`, or where that has
 * been moved to. Rust's char has no type; a byte is never larger than it. */
static void fix_ref(struct plain *w, const uint8_t *original)
{
	const uint8_t *now = w->copy ? twin(w, original) : original;
	if (!w->byte || bytes_get32(now, w->b->data.big))
		return;
	uint8_t *p = twin(w, original);
	if (p)
		bytes_put(p, 4, w->b->data.big, w->byte);
}

/* Functions without a body in C (naked ones) have parameters without names, which kernels refuse. A
 * name has to be somewhere among the strings: it is the function's. */
static void name_params(struct plain *w, const struct btf_type *func)
{
	struct btf_type proto;
	if (!btf_type(w->b, func->type, &proto) || proto.kind != BTF_FUNC_PROTO)
		return;
	for (uint32_t i = 0; i < proto.vlen; i++) {
		struct btf_param param = btf_param(&proto, i);
		bool variadic = !param.type;
		uint8_t *p = *param.name || variadic ? NULL
		                                     : twin(w, proto.tail.p + btf_part(&proto, i));
		if (p)
			bytes_put(p, 4, w->b->data.big, func->name_off);
	}
}

static void fix_type(struct plain *w, const struct btf_type *t)
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

static bool apart(struct span a, struct span b)
{
	return !a.n || !b.n || a.p + a.n <= b.p || b.p + b.n <= a.p;
}

/* Sections that lie in each other can't be changed one by one; no kernel takes them anyway. */
static bool is_tidy(const struct btf *b)
{
	return apart(b->types, b->strings) && apart(b->types, b->layout) &&
	       apart(b->layout, b->strings);
}

/* What has been written, or the original. */
static struct span finish(const struct plain *w, struct err *e)
{
	if (w->failed) {
		err_nomem(e);
		return (struct span){NULL, 0, w->b->data.big};
	}
	return w->copy ? (struct span){w->copy, w->b->data.n, w->b->data.big} : w->b->data;
}

struct span btf_in_order(const struct btf *b, struct arena *a, struct err *e)
{
	struct plain w = {.b = b, .arena = a};
	for (struct btf_type t = {0}; is_tidy(b) && btf_next_in(b, &t, 1u << BTF_STRUCT);)
		sort_members(&w, &t);
	return finish(&w, e);
}

struct span btf_plain(const struct btf *b, struct arena *a, struct err *e)
{
	struct plain w = {.b = b, .arena = a};
	for (struct btf_type t = {0}; !w.byte && btf_next_in(b, &t, 1u << BTF_INT);)
		w.byte = t.size == 1 ? t.id : 0;
	for (struct btf_type t = {0}; is_tidy(b) && btf_next(b, &t);)
		if (t.kind < BTF_KINDS)
			fix_type(&w, &t);
	return finish(&w, e);
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Copies types from one BTF blob to another. A type is written after the types that it contains.
 * Types that it points to are only declared, which keeps the copy small and acyclic: a type that
 * contains itself is malformed.
 */
#include "btf_append.h"

enum {
	TYPES_MAX = 4096, /* in one copy */
	DEPTH_MAX = 64,
	PARTS_MAX = 0xffff,
};

/* A type that was copied, or is being copied. */
struct copied {
	uint32_t old, id;
	bool by_ptr; /* only referred to by a pointer */
	bool busy;
};

struct copy {
	const struct btf *from;
	struct btf_append *to;
	struct copied *list;
	size_t n, room;
	unsigned depth;
};

static bool copy(struct copy *c, uint32_t old, bool by_ptr, uint32_t *id);

static bool copy_struct(struct copy *c, const struct btf_type *t, uint32_t *id)
{
	uint32_t *types = arena_array(c->to->arena, t->vlen, sizeof *types);
	if (!types)
		return false;
	for (uint32_t i = 0; i < t->vlen; i++)
		if (!copy(c, btf_member(t, i).type, false, &types[i]) || !types[i])
			return false;
	*id = btf_append_type(
		c->to, (enum btf_kind)t->kind, btf_name(t), t->vlen, t->kflag, t->size);
	for (uint32_t i = 0; i < t->vlen; i++) {
		struct btf_member m = btf_member(t, i);
		uint32_t bits = t->kflag ? (uint32_t)m.bit_size << 24 : 0;
		btf_append_member(c->to, m.name, types[i], m.bit_off | bits);
	}
	return true;
}

static uint32_t copy_enum(struct copy *c, const struct btf_type *t)
{
	uint32_t id = btf_append_type(
		c->to, (enum btf_kind)t->kind, btf_name(t), t->vlen, t->kflag, t->size);
	for (uint32_t i = 0; i < t->vlen; i++) {
		struct btf_enumerator x = btf_enumerator(t, i);
		btf_append_enumerator(c->to, x.name, (uint64_t)x.value, t->kind == BTF_ENUM64);
	}
	return id;
}

/* A type that refers to another one. */
static bool copy_reference(struct copy *c, const struct btf_type *t, bool by_ptr, uint32_t *id)
{
	uint32_t type;
	if (!copy(c, t->type, by_ptr || t->kind == BTF_PTR, &type))
		return false;
	*id = btf_append_type(c->to, (enum btf_kind)t->kind, btf_name(t), 0, t->kflag, type);
	return true;
}

/* Types that have no values become void if only pointers refer to them, else they are errors. */
static bool copy_type(struct copy *c, const struct btf_type *t, bool by_ptr, uint32_t *id)
{
	*id = 0;
	switch (t->kind) {
	case BTF_INT:
		if (btf_int_offset(t) || btf_int_bits(t) != t->size * 8)
			return false; /* a bit-field as before 4.20 */
		*id = btf_append_find(c->to, BTF_INT, btf_name(t), t->size);
		if (!*id)
			*id = btf_append_int(c->to, btf_name(t), t->size, btf_int_encoding(t));
		return true;
	case BTF_FLOAT:
		*id = btf_append_type(c->to, BTF_FLOAT, btf_name(t), 0, false, t->size);
		return true;
	case BTF_STRUCT:
	case BTF_UNION:
		if (!by_ptr)
			return copy_struct(c, t, id);
		if (*btf_name(t))
			*id = btf_append_type(
				c->to, BTF_FWD, btf_name(t), 0, t->kind == BTF_UNION, 0);
		return true;
	case BTF_FWD:
		*id = btf_append_type(c->to, BTF_FWD, btf_name(t), 0, t->kflag, 0);
		return by_ptr;
	case BTF_ENUM:
	case BTF_ENUM64:
		*id = copy_enum(c, t);
		return true;
	case BTF_ARRAY:
		if (by_ptr)
			return true;
		if (!copy(c, t->type, false, id) || !*id)
			return false;
		*id = btf_append_array(c->to, *id, btf_array_len(t));
		return true;
	default:
		if (t->kind == BTF_PTR || btf_is_modifier(t))
			return copy_reference(c, t, by_ptr, id);
		return by_ptr;
	}
}

static bool copy(struct copy *c, uint32_t old, bool by_ptr, uint32_t *id)
{
	struct btf_type t;
	*id = 0;
	if (!old)
		return by_ptr;
	for (size_t i = 0; i < c->n; i++)
		if (c->list[i].old == old && c->list[i].by_ptr == by_ptr) {
			*id = c->list[i].id;
			return !c->list[i].busy;
		}
	if (c->n == TYPES_MAX || c->depth == DEPTH_MAX || !btf_type(c->from, old, &t) ||
		t.vlen > PARTS_MAX)
		return false;
	struct copied *list = arena_grow(c->to->arena, c->list, c->n, &c->room, sizeof *list);
	if (!list)
		return false;
	size_t slot = c->n++;
	c->list = list;
	list[slot] = (struct copied){old, 0, by_ptr, true};
	c->depth++;
	bool ok = copy_type(c, &t, by_ptr, id);
	c->depth--;
	c->list[slot].busy = false;
	c->list[slot].id = *id;
	return ok && !c->to->failed;
}

uint32_t btf_append_copy(struct btf_append *b, const struct btf *from, uint32_t type)
{
	struct copy c = {.from = from, .to = b};
	struct btf_append_mark mark = btf_append_mark(b);
	uint32_t id = 0;
	if (!copy(&c, type, false, &id) || !id) {
		btf_append_undo(b, mark);
		return 0;
	}
	return id;
}

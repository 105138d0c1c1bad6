/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The header: types in an order that compiles. */
#include "btf_c_impl.h"
#include "btf_sanitise.h"

static bool need(struct c_writer *w, uint32_t id, bool whole);

static bool need_parts(struct c_writer *w, const struct btf_type *t)
{
	for (uint32_t i = 0; i < t->vlen; i++)
		if (!need(w,
			    t->kind == BTF_FUNC_PROTO ? btf_param(t, i).type
						      : btf_member(t, i).type,
			    t->kind != BTF_FUNC_PROTO))
			return false;
	return true;
}

static void define_record(struct c_writer *w, const struct btf_type *t)
{
	w->holes = 0;
	c_printf(w, "%s ", btf_kind_name(t->kind));
	c_word(w, btf_name(t), c_version(w, t->id));
	c_record_body(w, t, 0, 0);
	c_text(w, ";\n\n");
}

static void define_enum(struct c_writer *w, const struct btf_type *t)
{
	c_text(w, "enum");
	if (*btf_name(t)) {
		c_text(w, " ");
		c_word(w, btf_name(t), c_version(w, t->id));
	}
	c_enum_body(w, t, 0);
	c_text(w, ";\n\n");
}

/* bool, true and false are keywords since C23. */
static void before_c23(struct c_writer *w, bool begin)
{
	c_text(w, begin ? "#if __STDC_VERSION__ < 202311L\n" : "#endif\n");
}

static void define_typedef(struct c_writer *w, const struct btf_type *t)
{
	bool word = !strcmp(btf_name(t), "bool") && c_version(w, t->id) < 2;
	const struct c_decl d = {.name = btf_name(t), .version = c_version(w, t->id)};
	w->holes = 0;
	if (word)
		before_c23(w, true);
	c_text(w, "typedef ");
	c_declare(w, t->type, &d);
	c_text(w, ";\n");
	if (word)
		before_c23(w, false);
}

/* An INT or FLOAT that C does not have: a type of the same size. */
static void define_foreign(struct c_writer *w, const struct btf_type *t)
{
	static const char *const ints[] = {
		[1] = "char", [2] = "short", [4] = "int", [8] = "long long", [16] = "__int128"};
	bool known = t->size < sizeof ints / sizeof *ints && ints[t->size];
	c_printf(w, "typedef %s %s ",
		btf_int_encoding(t) & BTF_INT_SIGNED && known ? "signed" : "unsigned",
		known ? ints[t->size] : "char");
	c_word(w, *btf_name(t) ? btf_name(t) : "nameless", c_version(w, t->id));
	if (!known)
		c_printf(w, "[%u]", t->size);
	c_text(w, ";\n");
}

/* Defines a named type after its dependencies, once. */
static bool define(struct c_writer *w, const struct btf_type *t)
{
	uint8_t *state = &w->state[t->id];
	if (*state & C_DEFINED)
		return true;
	if (*state & C_BUSY)
		return c_fail(w, "type %u (%s %s) contains itself", t->id, btf_kind_name(t->kind),
			btf_name(t));
	*state |= C_BUSY;
	uint32_t outer = w->current;
	w->current = t->id;
	bool ready = btf_is_composite(t) ? need_parts(w, t)
	                                 : t->kind != BTF_TYPEDEF || need(w, t->type, false);
	w->current = outer;
	if (!ready)
		return false;
	if (btf_is_composite(t))
		define_record(w, t);
	else if (btf_is_enum(t))
		define_enum(w, t);
	else if (t->kind == BTF_TYPEDEF)
		define_typedef(w, t);
	else
		define_foreign(w, t);
	*state = C_DECLARED | C_DEFINED;
	return !w->err->set;
}

/* The members of an unnamed type precede the type that contains it. */
static bool need_nameless(struct c_writer *w, const struct btf_type *t)
{
	if (w->state[t->id])
		return true;
	w->state[t->id] = C_DECLARED;
	return need_parts(w, t);
}

/* Declares a struct, union or FWD, or defines it if the complete type is required. */
static bool need_record(struct c_writer *w, struct btf_type *t, bool whole)
{
	if (t->kind == BTF_FWD && *btf_name(t) && !c_type(w, c_resolve_fwd(w, t), t))
		return false;
	if (t->kind != BTF_FWD && !*btf_name(t))
		return need_nameless(w, t);
	if (whole && t->kind != BTF_FWD)
		return define(w, t);
	c_declare_tag(w, t);
	return true;
}

/* Follows a chain of references; arrays require complete elements, pointers only a declaration. */
static bool need_chain(struct c_writer *w, uint32_t id, bool whole)
{
	struct btf_type t;
	for (int steps = 0; steps < C_CHAIN * 2; steps++, id = t.type) {
		if (!c_type(w, id, &t))
			return false;
		if (btf_kind_in(t.kind, BTF_COMPOSITES | 1u << BTF_FWD))
			return need_record(w, &t, whole);
		if (btf_is_enum(&t))
			return !*btf_name(&t) || define(w, &t);
		if (btf_kind_in(t.kind, BTF_BASICS))
			return !c_is_foreign(&t) || define(w, &t);
		if (t.kind == BTF_TYPEDEF && !c_is_va_list(&t)) {
			if (!define(w, &t) || !whole)
				return !w->err->set;
		} else if (t.kind == BTF_FUNC_PROTO) {
			whole = false;
			if (!need_nameless(w, &t))
				return false;
		} else if (t.kind == BTF_PTR || t.kind == BTF_ARRAY) {
			whole = t.kind == BTF_ARRAY;
		}
		if (!t.type)
			return true;
	}
	return c_fail(w, "type %u: endless chain of references", id);
}

static bool need(struct c_writer *w, uint32_t id, bool whole)
{
	if (w->err->set)
		return false;
	if (w->nest >= C_NEST)
		return c_fail(w, "type %u: more than %d nested types", id, C_NEST);
	w->nest++;
	bool ok = need_chain(w, id, whole);
	w->nest--;
	return ok;
}

bool c_start(struct c_writer *w)
{
	w->state = arena_alloc(w->arena, w->b->end);
	w->layout = arena_alloc(w->arena, w->b->end);
	w->most = 1 << 20;
	for (const struct btf *b = w->b; b; b = b->base)
		w->most += 64 * (uint64_t)b->data.n;
	return (w->state && w->layout) || err_nomem(w->err);
}

static bool has_true(const struct btf_type *t)
{
	for (uint32_t i = 0; i < t->vlen; i++)
		if (!strcmp(btf_enumerator(t, i).name, "true"))
			return true;
	return false;
}

/* Unnamed enums that no other type contains. */
static void loose_enums(struct c_writer *w)
{
	struct btf_type t = {0};
	while (!w->err->set && btf_next_in(w->b, &t, BTF_ENUMS)) {
		if (*btf_name(&t) || !t.vlen || w->state[t.id] & C_DEFINED)
			continue;
		bool words = has_true(&t);
		if (words)
			before_c23(w, true);
		define_enum(w, &t);
		if (words)
			before_c23(w, false);
	}
}

bool btf_c_header(const struct btf *b, struct btf_text out, struct arena *a, struct err *e)
{
	struct btf sorted = *b;
	struct c_writer w = {.b = &sorted, .arena = a, .out = out, .err = e};
	struct btf_type t = {0};
	struct span bytes = btf_sort_members(b, a, e);
	if (!bytes.p || (bytes.p != b->data.p && !btf_open(&sorted, bytes, b->base, a, e)) ||
		!c_start(&w) || !c_names_open(&w))
		return false;
	while (btf_next_in(
		&sorted, &t, BTF_COMPOSITES | BTF_ENUMS | 1u << BTF_TYPEDEF | 1u << BTF_FWD))
		if (*btf_name(&t) && !c_is_va_list(&t) && !need(&w, t.id, t.kind != BTF_TYPEDEF))
			return false;
	loose_enums(&w);
	return !e->set;
}

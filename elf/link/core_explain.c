/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Describes what a relocation refers to, and why the kernel has no match. A similar name is suggested
 * for fields that were renamed (state, __state) or misspelled.
 */
#include "core_impl.h"
#include "elf/base/suggest.h"
#include "elf/base/text.h"

void core_describe(const struct core_spec *s, char *buf, size_t size)
{
	unsigned i = 0;
	btf_spell(s->btf, s->root, buf, size);
	if (s->n && !s->step[0].name && s->step[0].idx == 0)
		i++; /* p[0].x is written p->x */
	for (; i < s->n; i++) {
		if (s->step[i].name)
			text_add(buf, size, ".%s", s->step[i].name);
		else
			text_add(buf, size, "[%u]", s->step[i].idx);
	}
}

static void consider_members(
	struct suggestion *s, uint32_t *budget, const struct btf *b, uint32_t id, int depth)
{
	struct btf_type t;
	btf_skip(b, id, &t);
	for (uint32_t i = 0; i < t.vlen && *budget; i++) {
		struct btf_member m = btf_member(&t, i);
		--*budget;
		if (btf_is_enum(&t))
			suggest_consider(s, btf_enumerator(&t, i).name);
		else if (!btf_is_composite(&t))
			return;
		else if (*m.name)
			suggest_consider(s, m.name);
		else if (depth < BTF_DEPTH)
			consider_members(s, budget, b, m.type, depth + 1);
	}
}

static struct suggestion similar_types(const struct core *c, const struct core_root *root)
{
	char wanted[SUGGEST_NAME_MAX + 1] = "";
	if (root->len <= SUGGEST_NAME_MAX)
		memcpy(wanted, root->name, root->len);
	struct suggestion s = suggest_for(wanted);
	uint32_t kinds = core_kind_set(root->kind);
	for (size_t i = 0; i < c->kernel->n; i++)
		for (struct btf_type t = {0}; btf_next_in(c->kernel->list[i], &t, kinds);)
			suggest_consider(&s, btf_name(&t));
	return s;
}

static struct suggestion similar_parts(const struct btf *b, uint32_t type, const char *name)
{
	struct suggestion s = suggest_for(name);
	uint32_t budget = CORE_BUDGET;
	consider_members(&s, &budget, b, type, 0);
	return s;
}

/* The name of the part that step i of a path is about, "" if it is an index. */
static const char *name_of(const struct core_spec *local, unsigned i)
{
	return i < local->n && local->step[i].name ? local->step[i].name : "";
}

struct core_cand core_similar(struct core *c, const struct core_root *root,
	const struct core_spec *local, struct suggestion *near)
{
	struct core_cand none = {0};
	struct core_match first = {0}, m;
	struct core_value v;
	struct err e = {0};
	*near = suggest_for("");
	if (!core_value(NULL, local->kind, false, &v, &e) || !v.poison)
		return none;
	if (!root->n_cands) {
		*near = similar_types(c, root);
		return none;
	}
	for (size_t i = root->n_cands; i--; first = m) {
		struct core_spec s;
		core_match(local, c->kernel->list[root->cands[i].target], root->cands[i].id, &s, &m,
			&e);
		if (m.misfit == CORE_FITS || e.set)
			return none;
	}
	if (first.misfit != CORE_NO_MEMBER)
		return none;
	struct core_cand at = {root->cands[0].target, first.at};
	*near = similar_parts(c->kernel->list[at.target], at.id, name_of(local, first.step));
	return at;
}

static const char *suggest_type(struct core *c, struct core_root *root)
{
	if (root->suggested)
		return root->suggestion;
	struct suggestion s = similar_types(c, root);
	char names[sizeof s.near];
	root->suggested = true;
	root->suggestion = s.n ? arena_strdup(c->arena, suggest_text(&s, names, sizeof names)) : "";
	return root->suggestion;
}

static void add_suggestion(struct core_result *result, const char *names)
{
	if (names && *names)
		text_add(result->why, sizeof result->why, "; did you mean %s?", names);
}

static void why_no_type(
	struct core *c, struct core_root *root, bool suggest, struct core_result *result)
{
	bool tagged = btf_kind_in(root->kind, BTF_COMPOSITES | BTF_ENUMS | 1u << BTF_TYPEDEF);
	text_add(result->why, sizeof result->why, "the kernel has no %s%s%.*s",
		tagged ? btf_kind_name(root->kind) : "type", tagged ? " " : " named ",
		root->len > SUGGEST_NAME_MAX ? SUGGEST_NAME_MAX : (int)root->len, root->name);
	if (suggest)
		add_suggestion(result, suggest_type(c, root));
}

/* Matches the first candidate again, this time for the reason of the failure. */
void core_explain_absent(struct core *c, struct core_root *root, const struct core_spec *local,
	bool suggest, struct core_result *result)
{
	char at[64] = "", got[64] = "";
	size_t size = sizeof result->why;
	struct core_spec s;
	struct core_match m;
	struct err e = {0};
	result->why[0] = 0;
	if (!root->n_cands) {
		why_no_type(c, root, suggest, result);
		return;
	}
	const struct btf *b = c->kernel->list[root->cands[0].target];
	core_match(local, b, root->cands[0].id, &s, &m, &e);
	const struct core_step *step = m.step < local->n ? &local->step[m.step] : NULL;
	const char *name = name_of(local, m.step);
	btf_spell(b, m.at, at, sizeof at);
	btf_spell(b, m.got, got, sizeof got);
	switch (m.misfit) {
	case CORE_NO_MEMBER:
		text_add(result->why, size, "the kernel's %s has no %s %s", at,
			core_is_enum(local->kind) ? "enumerator" : "field", name);
		if (suggest) {
			struct suggestion similar = similar_parts(b, m.at, name);
			char names[sizeof similar.near];
			add_suggestion(result, suggest_text(&similar, names, sizeof names));
		}
		break;
	case CORE_OTHER_TYPE:
		text_add(result->why, size, "the kernel's %s.%s has another type: %s", at, name,
			got);
		break;
	case CORE_NO_COMPOSITE:
		text_add(result->why, size, "the kernel's %s has no fields, expected %s", at, name);
		break;
	case CORE_NO_ARRAY:
		text_add(result->why, size, "the kernel's %s is not an array", at);
		break;
	case CORE_OUT_OF_BOUNDS:
		text_add(result->why, size, "the kernel's %s has no element %u", at,
			step ? step->idx : 0);
		break;
	default:
		text_add(result->why, size, "the kernel's %s is another kind of type", at);
	}
}

static void add_size(struct core_result *result, const struct btf *b, const struct core_value *v)
{
	char type[48];
	btf_spell(b, v->type, type, sizeof type);
	if (v->size)
		text_add(result->why, sizeof result->why, "%u bytes (%s)", v->size, type);
	else
		text_add(result->why, sizeof result->why, "a bit-field");
}

void core_explain_resized(const struct btf *local, const struct core_value *l,
	const struct btf *target, const struct core_value *t, struct core_result *result)
{
	result->why[0] = 0;
	text_add(result->why, sizeof result->why, "it is ");
	add_size(result, target, t);
	text_add(result->why, sizeof result->why, " in the kernel and ");
	add_size(result, local, l);
	text_add(result->why, sizeof result->why, " in the object");
}

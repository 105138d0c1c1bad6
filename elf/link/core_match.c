/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Matching of local types against a kernel's types.
 *
 * Fields: each step of the local path is searched in the kernel's type. Members are found by exact
 * name, including members of anonymous structs and unions at any depth, whose offsets are added. The
 * type of a member must be loosely compatible: structs and unions with each other; pointers and
 * floats always; integers of any size and signedness; enums and forward declarations by essential
 * name; arrays by their elements.
 *
 * Types: there are two rules. "exists", "size" and "id" only compare kinds along pointers, arrays and
 * prototypes. "matches" also compares names, sizes, signedness and all local members or enumerators,
 * but only name and kind of structs that pointers refer to, because types may be cyclic.
 *
 * The BTF is not trusted. Recursion is bounded by depth and by a budget of visited parts: a few
 * hundred bytes of BTF can describe a tree of 2^60 anonymous members.
 */
#include "core_impl.h"

struct walk {
	const struct btf *local, *target;
	uint32_t budget;
	struct err *e;
	bool forward; /* a local forward declaration matches any struct or union */
};

/* Charges the budget for some parts; false if the types are too deep or too many. */
static bool charge_all(struct walk *w, int depth, uint32_t parts)
{
	if (w->e->set)
		return false;
	if (parts && (depth < 0 || w->budget < parts))
		return err_set(w->e, "the types are too complex to compare");
	w->budget -= parts;
	return true;
}

static bool charge(struct walk *w, int depth)
{
	return charge_all(w, depth, 1);
}

static bool fields_compatible(struct walk *w, uint32_t local, uint32_t target)
{
	struct btf_type l, t;
	for (int depth = BTF_DEPTH; charge(w, depth); depth--) {
		btf_skip(w->local, local, &l);
		btf_skip(w->target, target, &t);
		if (btf_is_composite(&l) && btf_is_composite(&t))
			return true;
		if (!core_same_kind(l.kind, t.kind))
			return false;
		switch (l.kind) {
		case BTF_PTR:
		case BTF_FLOAT:
			return true;
		case BTF_FWD:
		case BTF_ENUM:
		case BTF_ENUM64:
			return !*btf_name(&l) || !*btf_name(&t) ||
			       core_same_name(btf_name(&l), btf_name(&t));
		case BTF_INT:
			return !btf_int_offset(&l) && !btf_int_offset(&t);
		case BTF_ARRAY:
			local = l.type;
			target = t.type;
			continue;
		default:
			return false;
		}
	}
	return false;
}

/*
 * Finds the member named by step i of the local path in type id of the target. On success, adds the
 * step and the offset to s and sets *next to the type of the member. A member with this name but an
 * incompatible type ends the search, because names are unique.
 */
static bool match_member(struct walk *w, const struct core_spec *local, unsigned i, uint32_t id,
	struct core_spec *s, uint32_t *next, struct core_match *m)
{
	struct btf_type t, owner;
	id = btf_skip(w->target, id, &t);
	if (!btf_is_composite(&t))
		return false;
	const char *name = local->step[i].name;
	for (uint32_t from = 0, k; from < t.vlen; from = k + 1) {
		k = btf_member_near(&t, from, name);
		if (!charge_all(w, CORE_LEVELS - 1 - (int)s->raw, k - from + (k < t.vlen)))
			return false;
		if (k == t.vlen)
			break;
		struct btf_member member = btf_member(&t, k);
		bool found = false;
		s->raw++;
		s->bit_off += member.bit_off;
		if (!*member.name) {
			found = match_member(w, local, i, member.type, s, next, m);
		} else {
			btf_type(w->local, local->step[i].type, &owner);
			found = fields_compatible(
				w, btf_member(&owner, local->step[i].idx).type, member.type);
			if (found) {
				s->step[s->n++] = (struct core_step){member.name, id, k};
				*next = member.type;
			} else {
				m->misfit = CORE_OTHER_TYPE;
				m->got = member.type;
			}
		}
		if (found || m->misfit == CORE_OTHER_TYPE)
			return found;
		s->raw--;
		s->bit_off -= member.bit_off;
	}
	return false;
}

/* Step i of the local path is an index: the target must have an array that is long enough. */
static bool match_index(struct walk *w, const struct core_spec *local, unsigned i, uint32_t *id,
	struct core_spec *s, struct core_match *m)
{
	struct btf_type t;
	uint32_t idx = local->step[i].idx;
	*id = btf_skip(w->target, *id, &t);
	if (i > 0) { /* the first index applies to the root itself */
		if (t.kind != BTF_ARRAY) {
			m->misfit = CORE_NO_ARRAY;
			return false;
		}
		if (idx >= btf_array_len(&t) && !core_is_flex(s, &t)) {
			m->misfit = CORE_OUT_OF_BOUNDS;
			return false;
		}
		*id = btf_skip(w->target, t.type, &t);
	}
	if (!charge(w, CORE_LEVELS - 1 - (int)s->raw))
		return false;
	s->raw++;
	s->step[s->n++] = (struct core_step){NULL, *id, idx};
	return core_spec_index(s, idx, &t, w->e);
}

static bool match_path(struct walk *w, const struct core_spec *local, uint32_t id,
	struct core_spec *s, struct core_match *m)
{
	for (unsigned i = 0; i < local->n; i++) {
		struct btf_type t;
		m->step = i;
		m->at = id;
		if (!local->step[i].name) {
			if (!match_index(w, local, i, &id, s, m))
				return false;
		} else if (!match_member(w, local, i, id, s, &id, m)) {
			btf_skip(w->target, id, &t);
			if (m->misfit == CORE_FITS)
				m->misfit =
					btf_is_composite(&t) ? CORE_NO_MEMBER : CORE_NO_COMPOSITE;
			return false;
		}
	}
	return true;
}

static bool match_enumerator(struct walk *w, const struct core_spec *local, uint32_t id,
	struct core_spec *s, struct core_match *m)
{
	struct btf_type t;
	m->at = id;
	id = btf_skip(w->target, id, &t);
	for (uint32_t i = 0; btf_is_enum(&t) && i < t.vlen; i++) {
		const char *name = btf_enumerator(&t, i).name;
		if (core_same_name(local->step[0].name, name)) {
			s->step[s->n++] = (struct core_step){name, id, i};
			return true;
		}
	}
	m->misfit = CORE_NO_MEMBER;
	return false;
}

static bool compatible(struct walk *w, uint32_t local, uint32_t target, int depth);

static bool params_match(struct walk *w, const struct btf_type *l, const struct btf_type *t,
	int depth, bool (*fits)(struct walk *, uint32_t, uint32_t, int))
{
	bool ok = l->vlen == t->vlen;
	for (uint32_t i = 0; ok && i < l->vlen; i++)
		ok = fits(w, btf_param(l, i).type, btf_param(t, i).type, depth - 1);
	return ok;
}

/* The rule for "exists", "size" and "id". */
static bool compatible(struct walk *w, uint32_t local, uint32_t target, int depth)
{
	struct btf_type l, t;
	for (; charge(w, depth); depth--) {
		btf_skip(w->local, local, &l);
		btf_skip(w->target, target, &t);
		if (w->forward && l.kind == BTF_FWD && btf_is_composite(&t))
			return true;
		if (!core_same_kind(l.kind, t.kind))
			return false;
		switch (l.kind) {
		case BTF_VOID:
		case BTF_STRUCT:
		case BTF_UNION:
		case BTF_ENUM:
		case BTF_ENUM64:
		case BTF_FWD:
			return true;
		case BTF_INT:
			return !btf_int_offset(&l) && !btf_int_offset(&t);
		case BTF_FUNC_PROTO:
			if (!params_match(w, &l, &t, depth, compatible))
				return false;
			break;
		case BTF_PTR:
		case BTF_ARRAY:
			break;
		default:
			return false;
		}
		local = l.type;
		target = t.type;
	}
	return false;
}

static bool names_match(const char *local, const char *target)
{
	return *target ? core_same_name(local, target) : !*local;
}

/* All local enumerators must exist by name; values may differ. The search starts at the same index,
 * because the order rarely changes. */
static bool enums_match(struct walk *w, const struct btf_type *l, const struct btf_type *t)
{
	if (!btf_is_enum(t) || l->size != t->size || l->vlen > t->vlen)
		return false;
	for (uint32_t i = 0; i < l->vlen; i++) {
		const char *name = btf_enumerator(l, i).name;
		bool found = false;
		for (uint32_t k = 0; !found && k < t->vlen && charge(w, 0); k++)
			found = names_match(name, btf_enumerator(t, (i + k) % t->vlen).name);
		if (!found)
			return false;
	}
	return true;
}

static bool matches(struct walk *w, uint32_t local, uint32_t target, int depth, bool by_ptr);

/* All local members must exist by name and with a matching type. */
static bool members_match(
	struct walk *w, const struct btf_type *l, const struct btf_type *t, int depth)
{
	if (l->kind != t->kind || l->vlen > t->vlen)
		return false;
	for (uint32_t i = 0; i < l->vlen; i++) {
		struct btf_member mine = btf_member(l, i);
		bool found = false;
		for (uint32_t k = 0; !found && k < t->vlen && charge(w, depth); k++) {
			struct btf_member other = btf_member(t, (i + k) % t->vlen);
			found = names_match(mine.name, other.name) &&
			        matches(w, mine.type, other.type, depth - 1, false);
		}
		if (!found)
			return false;
	}
	return true;
}

/* A pointer to a forward declaration matches a pointer to the struct or union, and vice versa. */
static bool pointees_match(const struct btf_type *l, const struct btf_type *t)
{
	const struct btf_type *fwd = l->kind == BTF_FWD ? l : t, *whole = fwd == l ? t : l;
	if (l->kind == t->kind)
		return l->kind != BTF_FWD || l->kflag == t->kflag;
	return fwd->kind == BTF_FWD && whole->kind == (fwd->kflag ? BTF_UNION : BTF_STRUCT);
}

static bool matches_pointee(struct walk *w, uint32_t local, uint32_t target, int depth)
{
	return matches(w, local, target, depth, true);
}

static bool matches_plain(struct walk *w, uint32_t local, uint32_t target, int depth)
{
	return matches(w, local, target, depth, false);
}

/* The rule for "matches". */
static bool matches(struct walk *w, uint32_t local, uint32_t target, int depth, bool by_ptr)
{
	struct btf_type l, t;
	for (; charge(w, depth); depth--) {
		btf_skip(w->local, local, &l);
		btf_skip(w->target, target, &t);
		if (!names_match(btf_name(&l), btf_name(&t)))
			return false;
		if (btf_is_composite(&l) || l.kind == BTF_FWD)
			return by_ptr              ? pointees_match(&l, &t)
			       : l.kind == BTF_FWD ? t.kind == BTF_FWD && l.kflag == t.kflag
			                           : members_match(w, &l, &t, depth);
		if (btf_is_enum(&l))
			return enums_match(w, &l, &t);
		if (l.kind != t.kind)
			return false;
		switch (l.kind) {
		case BTF_VOID:
			return true;
		case BTF_FLOAT:
			return l.size == t.size;
		case BTF_INT:
			return l.size == t.size && (btf_int_encoding(&l) & BTF_INT_SIGNED) ==
			                                   (btf_int_encoding(&t) & BTF_INT_SIGNED);
		case BTF_PTR:
			by_ptr = true;
			break;
		case BTF_ARRAY:
			if (btf_array_len(&l) != btf_array_len(&t))
				return false;
			break;
		case BTF_FUNC_PROTO:
			if (!params_match(
				    w, &l, &t, depth, by_ptr ? matches_pointee : matches_plain))
				return false;
			break;
		default:
			return false;
		}
		local = l.type;
		target = t.type;
	}
	return false;
}

bool core_compatible(const struct btf *local, uint32_t local_id, const struct btf *target,
	uint32_t target_id, struct err *e)
{
	struct walk w = {local, target, CORE_BUDGET, e, true};
	return compatible(&w, local_id, target_id, BTF_DEPTH);
}

bool core_match(const struct core_spec *local, const struct btf *target, uint32_t id,
	struct core_spec *s, struct core_match *m, struct err *e)
{
	struct walk w = {local->btf, target, CORE_BUDGET, e, false};
	*m = (struct core_match){.at = id};
	core_spec_begin(s, target, id, local->kind);
	bool ok;
	if (core_is_enum(local->kind))
		ok = match_enumerator(&w, local, id, s, m);
	else if (core_is_field(local->kind))
		ok = match_path(&w, local, id, s, m);
	else if (local->kind == CORE_TYPE_MATCHES)
		ok = matches(&w, local->root, id, BTF_DEPTH, false);
	else
		ok = compatible(&w, local->root, id, BTF_DEPTH);
	if (!ok && m->misfit == CORE_FITS)
		m->misfit = CORE_INCOMPATIBLE;
	return !e->set;
}

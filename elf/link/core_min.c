/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Relocations mark the candidates of their roots, and in each of them the members on their path; what these
 * members contain is kept as far as it is compared: the kind of a type and its size, and of an array its element.
 * Typedefs and qualifiers go. Structs that are no candidates themselves lose their names, so that they do not
 * become some.
 */
#include "core_min.h"

#include "core_impl.h"
#include "elf/base/suggest.h"
#include "elf/btf/btf_append.h"

#include <stdlib.h>

enum { BUCKETS = 1 << 12, KEPT_MAX = 1 << 20 };

/* Types that the matcher looks at; it stops at others. */
static const uint32_t compared = BTF_VALUES | 1u << BTF_PTR | 1u << BTF_ARRAY | 1u << BTF_FWD |
                                 1u << BTF_TYPEDEF | 1u << BTF_FUNC_PROTO;

/* How much of a type is compared. */
enum {
	KEEP_NAME = 1,
	KEEP_KINDS = 2, /* along pointers, arrays and prototypes: TYPE_EXISTS etc. */
	KEEP_NAMES = 4, /* the same with names, of what a pointer leads to */
	KEEP_ALL = 8,   /* and all members and enumerators: TYPE_MATCHES */
	KEEP_DOWN = KEEP_KINDS | KEEP_NAMES | KEEP_ALL,
};

struct core_kept {
	uint32_t target, id; /* index in kernel_types.list; in that BTF itself, not in its base */
	uint32_t next;       /* in the hash chain: index + 1 */
	uint8_t how;
	uint8_t *parts; /* a bit for each member or enumerator; NULL: none */
	uint32_t out;   /* id in the result */
};

static const struct btf *btf_of(const struct core_min *m, uint32_t target)
{
	return m->kernel->list[target];
}

/* ---- the set of types ---- */

static uint32_t *bucket_of(const struct core_min *m, uint32_t target, uint32_t id)
{
	uint32_t hash = (id ^ target << 20) * 2654435761u;
	return &m->buckets[hash >> 20];
}

/* Types of the base of split BTF are those of vmlinux. */
static uint32_t owner_of(const struct core_min *m, uint32_t target, uint32_t id)
{
	return id < btf_of(m, target)->first ? 0 : target;
}

static struct core_kept *find(const struct core_min *m, uint32_t target, uint32_t id)
{
	target = owner_of(m, target, id);
	for (uint32_t i = *bucket_of(m, target, id); i; i = m->kept[i - 1].next)
		if (m->kept[i - 1].target == target && m->kept[i - 1].id == id)
			return &m->kept[i - 1];
	return NULL;
}

static void push(struct core_min *m, struct core_kept *k)
{
	uint32_t *todo = arena_grow(m->arena, m->todo, m->n_todo, &m->todo_room, sizeof *todo);
	if (!todo) {
		m->failed = true;
		return;
	}
	m->todo = todo;
	todo[m->n_todo++] = (uint32_t)(k - m->kept);
}

/* Adds a type, or more of one that is there. Valid until the next call; NULL for void and after a failure. */
static struct core_kept *keep(struct core_min *m, uint32_t target, uint32_t id, unsigned how)
{
	struct core_kept *k = id ? find(m, target, id) : NULL;
	struct btf_type t;
	btf_type(btf_of(m, target), id, &t);
	if (!btf_kind_in(t.kind, compared) || m->failed)
		return NULL;
	if (!k) {
		struct core_kept *kept = m->n < KEPT_MAX ? arena_grow(m->arena, m->kept, m->n,
								   &m->room, sizeof *kept)
		                                         : NULL;
		if (!kept) {
			m->failed = true;
			return NULL;
		}
		m->kept = kept;
		target = owner_of(m, target, id);
		uint32_t *bucket = bucket_of(m, target, id);
		k = &kept[m->n++];
		*k = (struct core_kept){.target = target, .id = id, .next = *bucket};
		*bucket = (uint32_t)m->n;
		push(m, k);
	}
	if (how & ~k->how) {
		k->how |= (uint8_t)how;
		push(m, k);
	}
	return k;
}

/* The same for what is left of a type without typedefs and qualifiers. */
static struct core_kept *keep_bare(struct core_min *m, uint32_t target, uint32_t id, unsigned how)
{
	struct btf_type t;
	return keep(m, target, btf_skip(btf_of(m, target), id, &t), how);
}

/* Marks a member or enumerator. */
static void keep_part(struct core_min *m, struct core_kept *k, const struct btf_type *t, uint32_t i)
{
	if (!k)
		return;
	if (!k->parts)
		k->parts = arena_array(m->arena, t->vlen / 8 + 1, 1);
	if (!k->parts) {
		m->failed = true;
	} else if (!(k->parts[i / 8] >> i % 8 & 1)) {
		k->parts[i / 8] |= (uint8_t)(1u << i % 8);
		push(m, k);
	}
}

static bool has_part(const struct core_kept *k, uint32_t i)
{
	return k->how & KEEP_ALL || (k->parts && k->parts[i / 8] >> i % 8 & 1);
}

/* ---- what a type consists of ---- */

static void keep_members(struct core_min *m, size_t at, const struct btf_type *t)
{
	struct btf_type inner;
	for (uint32_t i = 0; i < t->vlen; i++) {
		struct core_kept k = m->kept[at];
		if (!has_part(&k, i))
			continue;
		struct btf_member member = btf_member(t, i);
		keep_bare(m, k.target, member.type, k.how & KEEP_ALL);
		/* An array without elements must not become the last member, which has as many as are used. */
		btf_skip(t->btf, member.type, &inner);
		if (inner.kind == BTF_ARRAY && !btf_array_len(&inner) && i + 1 < t->vlen)
			keep_part(m, &m->kept[at], t, t->vlen - 1);
	}
}

/* Keeps the types that a type refers to, as far as they are compared. */
static void expand(struct core_min *m, size_t at)
{
	struct core_kept k = m->kept[at];
	struct btf_type t;
	unsigned down = k.how & KEEP_DOWN;
	btf_type(btf_of(m, k.target), k.id, &t);
	if (btf_is_composite(&t)) {
		keep_members(m, at, &t);
	} else if (t.kind == BTF_PTR) {
		unsigned names = down & (KEEP_NAMES | KEEP_ALL) ? KEEP_NAMES : 0;
		if (down)
			keep_bare(m, k.target, t.type, (down & KEEP_KINDS) | names);
	} else if (t.kind == BTF_ARRAY || t.kind == BTF_TYPEDEF) {
		keep_bare(m, k.target, t.type, down);
	} else if (t.kind == BTF_FUNC_PROTO) {
		keep_bare(m, k.target, t.type, down);
		for (uint32_t i = 0; i < t.vlen; i++)
			keep_bare(m, k.target, btf_param(&t, i).type, down);
	}
}

/* ---- paths ---- */

/* Keeps the member of this name, and the anonymous ones around it; *next: its type. The order is that of the
 * matcher, which takes the first one. */
static bool keep_member(struct core_min *m, uint32_t target, uint32_t id, const char *name,
	unsigned depth, uint32_t *budget, uint32_t *next)
{
	struct btf_type t;
	id = btf_skip(btf_of(m, target), id, &t);
	if (!btf_is_composite(&t) || depth > CORE_LEVELS)
		return false;
	for (uint32_t i = 0; i < t.vlen && *budget; i++) {
		i = btf_member_near(&t, i, name);
		if (i == t.vlen)
			return false;
		--*budget;
		struct btf_member member = btf_member(&t, i);
		if (*member.name)
			*next = member.type;
		else if (!keep_member(m, target, member.type, name, depth + 1, budget, next))
			continue;
		keep_part(m, keep(m, target, id, 0), &t, i);
		return true;
	}
	return false;
}

static void keep_path(struct core_min *m, const struct core_cand *cand, const struct core_spec *s)
{
	uint32_t id = cand->id, budget = CORE_BUDGET;
	struct btf_type t;
	for (unsigned i = 0; i < s->n; i++) {
		if (s->step[i].name) {
			if (!keep_member(m, cand->target, id, s->step[i].name, 0, &budget, &id))
				return;
		} else if (i) {
			btf_skip(btf_of(m, cand->target), id, &t);
			if (t.kind != BTF_ARRAY)
				return;
			id = t.type;
		}
	}
}

static void keep_enumerators(
	struct core_min *m, const struct core_cand *cand, const struct core_spec *s)
{
	struct btf_type t;
	uint32_t id = btf_skip(btf_of(m, cand->target), cand->id, &t);
	for (uint32_t i = 0; btf_is_enum(&t) && i < t.vlen; i++)
		if (core_same_name(s->step[0].name, btf_enumerator(&t, i).name))
			keep_part(m, keep(m, cand->target, id, 0), &t, i);
}

/* ---- relocations ---- */

void core_min_keep(struct core_min *m, uint32_t kinds, const char *name)
{
	for (uint32_t i = 0; i < m->kernel->n; i++)
		for (struct btf_type t = {0}; btf_next_in(btf_of(m, i), &t, kinds);)
			if (!strcmp(btf_name(&t), name))
				keep(m, i, t.id, KEEP_NAME);
}

/* Names that messages suggest instead of one that does not exist are kept, too. */
static void keep_similar(struct core_min *m, struct core *c, const struct core_root *root,
	const struct core_spec *local)
{
	struct suggestion near;
	struct btf_type t;
	struct core_cand at = core_similar(c, root, local, &near);
	for (unsigned i = 0; i < near.n; i++) {
		const char *name = near.near[i].name;
		uint32_t next, budget = CORE_BUDGET;
		if (!at.id) {
			core_min_keep(m, core_kind_set(root->kind), name);
			continue;
		}
		keep_member(m, at.target, at.id, name, 0, &budget, &next);
		uint32_t id = btf_skip(btf_of(m, at.target), at.id, &t);
		for (uint32_t k = 0; btf_is_enum(&t) && k < t.vlen; k++)
			if (!strcmp(btf_enumerator(&t, k).name, name))
				keep_part(m, keep(m, at.target, id, 0), &t, k);
	}
}

static void keep_candidate(
	struct core_min *m, const struct core_cand *cand, const struct core_spec *local)
{
	static const uint8_t how[CORE_KINDS] = {[CORE_TYPE_EXISTS] = KEEP_KINDS,
		[CORE_TYPE_SIZE] = KEEP_KINDS,
		[CORE_TYPE_ID_TARGET] = KEEP_KINDS,
		[CORE_TYPE_MATCHES] = KEEP_ALL};
	keep(m, cand->target, cand->id, KEEP_NAME | how[local->kind]);
	if (core_is_field(local->kind))
		keep_path(m, cand, local);
	else if (core_is_enum(local->kind))
		keep_enumerators(m, cand, local);
}

static bool add_relocation(
	struct core_min *m, struct core *c, const struct core_relo *r, struct err *e)
{
	struct core_spec local;
	if (r->kind >= CORE_KINDS)
		return err_set(e, "CO-RE: unknown relocation kind %u", r->kind);
	if (r->kind == CORE_TYPE_ID_LOCAL)
		return true;
	if (!core_spec_parse(&local, c->local, r->type_id, btf_str(c->local, r->access_off),
		    (enum core_kind)r->kind, e))
		return err_where(e, "CO-RE");
	const struct core_root *root = core_root_of(c, r->type_id);
	for (size_t i = 0; root && i < root->n_cands; i++)
		keep_candidate(m, &root->cands[i], &local);
	if (root && root->len)
		keep_similar(m, c, root, &local);
	m->ids |= r->kind == CORE_TYPE_ID_TARGET;
	m->relocations++;
	return !m->failed || err_nomem(e);
}

void core_min_begin(struct core_min *m, struct kernel_types *kernel, struct arena *a)
{
	*m = (struct core_min){.kernel = kernel, .arena = a};
	m->buckets = arena_array(a, BUCKETS, sizeof *m->buckets);
	m->failed = !m->buckets;
}

bool core_min_add(struct core_min *m, const struct btf *local, const struct span *records,
	const uint32_t *rec_sizes, size_t n_records, struct err *e)
{
	if (m->failed)
		return err_nomem(e);
	struct core *c = core_new(local, m->kernel, records, rec_sizes, n_records, m->arena, e);
	for (size_t i = 0; c && i < n_records; i++)
		for (uint32_t k = 0; rec_sizes[i] && k < records[i].n / rec_sizes[i]; k++) {
			struct core_relo r = core_relo_get(records[i], rec_sizes[i], k);
			if (!add_relocation(m, c, &r, e))
				return false;
		}
	return c;
}

/* ---- the result ---- */

static int by_place(const void *a, const void *b)
{
	const struct core_kept *x = a, *y = b;
	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* The id in the result of what is left of a type; 0 if it is void, or not compared. */
static uint32_t out_of(const struct core_min *m, uint32_t target, uint32_t id)
{
	struct btf_type t;
	id = btf_skip(btf_of(m, target), id, &t);
	const struct core_kept *k = id ? find(m, target, id) : NULL;
	return k ? k->out : 0;
}

static void put_parts(const struct core_min *m, const struct core_kept *k, const struct btf_type *t,
	struct btf_append *to)
{
	for (uint32_t i = 0; i < t->vlen; i++) {
		if (!has_part(k, i))
			continue;
		if (btf_is_composite(t)) {
			struct btf_member x = btf_member(t, i);
			uint32_t bits = t->kflag ? (uint32_t)x.bit_size << 24 : 0;
			btf_append_member(
				to, x.name, out_of(m, k->target, x.type), x.bit_off | bits);
		} else {
			struct btf_enumerator x = btf_enumerator(t, i);
			btf_append_enumerator(to, x.name, (uint64_t)x.value, t->kind == BTF_ENUM64);
		}
	}
}

static void put_type(const struct core_min *m, const struct core_kept *k, struct btf_append *to)
{
	struct btf_type t;
	uint32_t n = 0, down = k->how & KEEP_DOWN;
	btf_type(btf_of(m, k->target), k->id, &t);
	bool composite = btf_is_composite(&t), parts = composite || btf_is_enum(&t);
	const char *name =
		composite && !(k->how & (KEEP_NAME | KEEP_NAMES | KEEP_ALL)) ? "" : btf_name(&t);
	for (uint32_t i = 0; parts && i < t.vlen; i++)
		n += has_part(k, i);
	switch (t.kind) {
	case BTF_INT:
		btf_append_int_like(to, &t);
		break;
	case BTF_ARRAY:
		btf_append_array(to, out_of(m, k->target, t.type), btf_array_len(&t));
		break;
	case BTF_FUNC_PROTO:
		btf_append_type(to, BTF_FUNC_PROTO, "", down ? t.vlen : 0, false,
			out_of(m, k->target, t.type));
		for (uint32_t i = 0; down && i < t.vlen; i++)
			btf_append_param(to, out_of(m, k->target, btf_param(&t, i).type));
		break;
	default:
		btf_append_type(to, (enum btf_kind)t.kind, name, n, t.kflag,
			btf_kind_in(t.kind, BTF_SIZED) ? t.size : out_of(m, k->target, t.type));
		if (parts)
			put_parts(m, k, &t, to);
	}
}

static bool sort_kept(struct core_min *m)
{
	if (m->n)
		qsort(m->kept, m->n, sizeof *m->kept, by_place);
	memset(m->buckets, 0, BUCKETS * sizeof *m->buckets);
	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t *bucket = bucket_of(m, m->kept[i].target, m->kept[i].id);
		m->kept[i].next = *bucket;
		m->kept[i].out = i + 2; /* 1 is `long` */
		*bucket = i + 1;
	}
	return !m->failed;
}

struct span core_min_end(struct core_min *m, struct err *e)
{
	const struct btf *kernel = btf_of(m, 0);
	struct btf empty;
	struct btf_append to;
	while (m->n_todo && !m->failed)
		expand(m, m->todo[--m->n_todo]);
	if (m->failed || !sort_kept(m)) {
		err_nomem(e);
		return (struct span){0};
	}
	if (!btf_open(&empty, btf_empty(kernel->data.big), NULL, m->arena, e))
		return (struct span){0};
	btf_append_begin(&to, &empty, m->arena);
	to.index = btf_append_int(&to, "long", kernel->ptr_size, BTF_INT_SIGNED);
	for (size_t i = 0; i < m->n; i++)
		put_type(m, &m->kept[i], &to);
	return btf_append_end(&to, m->arena, e);
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The root types of all relocations are collected, and their essential names stored in a hash table.
 * One scan of the kernel's types finds all types with the same kind and essential name: the
 * candidates. Most types are skipped by their kind, most of the others by the first characters of
 * their names (struct btf_names); only the remaining names are compared. The scan follows types, not
 * the string section, because strings may share suffixes. Modules are only scanned for roots without a
 * candidate in vmlinux.
 */
#include "core_impl.h"

#include "elf/base/text.h"

#include <stdlib.h>

enum { HEAD = 4 }; /* characters that select a hash chain */

struct scan {
	struct core *core;
	const struct core_root
		*only;           /* scan for this root, or all roots without candidates if NULL */
	uint32_t *buckets, mask; /* index of the first root of each hash chain + 1 */
	struct btf_names names;
};

/* The same for all flavors of a name, since it stops at an underscore. */
static uint32_t hash(const char *name)
{
	uint32_t h = TEXT_HASH;
	for (size_t i = 0; i < HEAD && name[i] && name[i] != '_'; i++)
		h = text_hash(h, name[i]);
	return h;
}

/* Whether a scan of target t looks for candidates of this root. */
static bool is_wanted(const struct scan *s, const struct core_root *root)
{
	return root->len && (!s->only || s->only == root) && !root->n_cands;
}

static bool scan_prepare(struct scan *s, struct err *e)
{
	struct core *c = s->core;
	bool any = false;
	uint32_t buckets = 16;
	while (buckets < c->n_roots)
		buckets *= 2;
	s->mask = buckets - 1;
	s->buckets = arena_array(c->arena, buckets, sizeof *s->buckets);
	if (!s->buckets)
		return err_nomem(e);
	for (size_t i = 0; i < c->n_roots; i++) {
		struct core_root *root = &c->roots[i];
		if (!is_wanted(s, root))
			continue;
		uint32_t *bucket = &s->buckets[hash(root->name) & s->mask];
		root->next = *bucket;
		*bucket = (uint32_t)i + 1;
		btf_names_add(&s->names, core_kind_set(root->kind), root->name, root->len);
		any = true;
	}
	return any;
}

static bool add_cand(
	struct core *c, struct core_root *root, uint32_t target, uint32_t id, struct err *e)
{
	void *p = arena_grow(c->arena, root->cands, root->n_cands, &root->cap, sizeof *root->cands);
	if (!p)
		return err_nomem(e);
	root->cands = p;
	root->cands[root->n_cands++] = (struct core_cand){target, id};
	return true;
}

/* Whether a name is that of the root, with any flavor. */
static bool is_name(const struct core_root *root, const char *name)
{
	return !strncmp(name, root->name, root->len) && core_essential_len(name) == root->len;
}

static bool scan_target(struct scan *s, uint32_t target, struct err *e)
{
	struct core *c = s->core;
	const struct btf *b = c->kernel->list[target];
	for (struct btf_type t = {0}; btf_next_named(b, &t, &s->names);) {
		const char *name = btf_name(&t);
		uint32_t next = s->buckets[hash(name) & s->mask];
		for (struct core_root *root; next; next = root->next) {
			root = &c->roots[next - 1];
			if (core_same_kind(root->kind, t.kind) && is_name(root, name) &&
				!add_cand(c, root, target, t.id, e))
				return false;
		}
	}
	return btf_end(b, e);
}

/* Finds the candidates of one root, or of all: in vmlinux, then in modules if it has none. */
static bool find_candidates(struct core *c, const struct core_root *only, struct err *e)
{
	struct scan s = {.core = c, .only = only};
	if (c->kernel->n && scan_prepare(&s, e) && !scan_target(&s, 0, e))
		return false;
	s = (struct scan){.core = c, .only = only};
	if (c->kernel->n && !e->set && scan_prepare(&s, e) && kernel_types_all(c->kernel, e))
		for (uint32_t i = 1; i < c->kernel->n; i++)
			if (!scan_target(&s, i, e))
				return false;
	return !e->set;
}

static struct core_root new_root(const struct btf *local, uint32_t id)
{
	struct btf_type t;
	btf_type(local, id, &t);
	const char *name = btf_name(&t);
	return (struct core_root){
		.id = id,
		.name = name,
		.len = t.kind && t.kind < BTF_KINDS ? (uint32_t)core_essential_len(name) : 0,
		.kind = t.kind,
	};
}

static int by_id(const void *a, const void *b)
{
	uint32_t x = ((const struct core_root *)a)->id, y = ((const struct core_root *)b)->id;
	return (x > y) - (x < y);
}

struct core_root *core_root_of(struct core *c, uint32_t id)
{
	struct core_root key = {.id = id};
	return c->n_roots ? bsearch(&key, c->roots, c->n_roots, sizeof key, by_id) : NULL;
}

/* Adds id to the set of type ids seen so far; false if it was in the set. */
static bool is_new(uint8_t *seen, uint32_t n, uint32_t id)
{
	if (id >= n || seen[id / 8] >> id % 8 & 1)
		return false;
	seen[id / 8] |= (uint8_t)(1u << id % 8);
	return true;
}

bool core_find_roots(struct core *c, const struct span *records, const uint32_t *rec_sizes,
	size_t n_records, struct err *e)
{
	uint8_t *seen = arena_array(c->arena, c->local->end / 8 + 1, 1);
	size_t cap = 0;
	if (!seen)
		return err_nomem(e);
	for (size_t i = 0; i < n_records; i++) {
		uint32_t n = rec_sizes[i] ? (uint32_t)(records[i].n / rec_sizes[i]) : 0;
		for (uint32_t k = 0; k < n; k++) {
			uint32_t id = core_relo_get(records[i], rec_sizes[i], k).type_id;
			if (!is_new(seen, c->local->end, id))
				continue;
			void *p =
				arena_grow(c->arena, c->roots, c->n_roots, &cap, sizeof *c->roots);
			if (!p)
				return err_nomem(e);
			c->roots = p;
			c->roots[c->n_roots++] = new_root(c->local, id);
		}
	}
	if (c->n_roots)
		qsort(c->roots, c->n_roots, sizeof *c->roots, by_id);
	return find_candidates(c, NULL, e);
}

struct core_root *core_add_root(struct core *c, uint32_t id, struct err *e)
{
	struct core_root *roots = arena_array(c->arena, c->n_roots + 1, sizeof *roots);
	if (!roots) {
		err_nomem(e);
		return NULL;
	}
	if (c->n_roots)
		memcpy(roots, c->roots, c->n_roots * sizeof *roots);
	roots[c->n_roots++] = new_root(c->local, id);
	qsort(roots, c->n_roots, sizeof *roots, by_id);
	c->roots = roots;
	struct core_root *root = core_root_of(c, id);
	return find_candidates(c, root, e) ? root : NULL;
}

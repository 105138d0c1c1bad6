/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_impl.h"

#include "elf/base/text.h"

enum { SCANS = 2, INDEXED = 64 }; /* calls without an index; types that are worth one */

/* False if there is no index, for one of several reasons. */
static bool index_names(const struct btf *b)
{
	struct btf_finder *f = b->finder;
	uint32_t n = b->end - b->first, buckets = INDEXED;
	struct btf_type t;
	if (!f || n < INDEXED || f->bucket || f->calls++ < SCANS)
		return f && f->bucket;
	while (buckets < n)
		buckets *= 2;
	f->mask = buckets - 1;
	f->next = arena_array(f->arena, n, sizeof *f->next);
	uint32_t *bucket = arena_array(f->arena, buckets, sizeof *bucket);
	if (!f->next || !bucket)
		return false;
	for (uint32_t i = n; i--;) { /* so that chains are in order */
		btf_type(b, b->first + i, &t);
		uint32_t *first = &bucket[text_hash_of(btf_name(&t)) & f->mask];
		f->next[i] = *first;
		*first = i + 1;
	}
	f->bucket = bucket;
	return true;
}

static uint32_t find_in_index(const struct btf *b, enum btf_kind kind, const char *name)
{
	const struct btf_finder *f = b->finder;
	struct btf_type t;
	for (uint32_t i = f->bucket[text_hash_of(name) & f->mask]; i; i = f->next[i - 1])
		if (btf_type(b, b->first + i - 1, &t) && t.kind == kind &&
			!strcmp(btf_name(&t), name))
			return t.id;
	return 0;
}

uint32_t btf_find(const struct btf *b, enum btf_kind kind, const char *name)
{
	uint32_t id = b->base ? btf_find(b->base, kind, name) : 0;
	struct btf_type t = {0};
	struct btf_names names = {0};
	if (id)
		return id;
	if (index_names(b))
		return find_in_index(b, kind, name);
	btf_names_add(&names, 1u << kind, name, strlen(name));
	while (!id && btf_next_named(b, &t, &names))
		if (!strcmp(btf_name(&t), name))
			id = t.id;
	return id;
}

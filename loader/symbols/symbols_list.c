/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "symbols_impl.h"

#include "elf/base/glob.h"

#include <stdlib.h>

static int by_offset(const void *a, const void *b)
{
	const struct symbols_place *x = a, *y = b;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static bool is_candidate(const struct symbols *s, const struct symbols_walk *w, const char *pattern,
	uint64_t *offset)
{
	return w->sym.type == ELF_FUNC && w->sym.section != ELF_UNDEF &&
	       glob_match(pattern, w->sym.name) && symbols_code_offset(s, w, offset) &&
	       !symbols_is_thumb(s, w->sym.value);
}

bool symbols_match(const struct symbols *s, const char *pattern, size_t max,
	struct symbols_place **out, size_t *n, struct err *e)
{
	struct symbols_place *list = NULL;
	size_t count = 0, room = 0, kept = 0;
	uint64_t offset;
	for (struct symbols_walk w = {.elf = &s->elf}; symbols_next(s, &w);) {
		if (!is_candidate(s, &w, pattern, &offset))
			continue;
		struct symbols_place *grown =
			arena_grow(s->arena, list, count, &room, sizeof *list);
		if (!grown)
			return err_nomem(e);
		list = grown;
		list[count++] = (struct symbols_place){
			.name = w.sym.name, .offset = offset, .size = w.sym.size};
	}
	if (count)
		qsort(list, count, sizeof *list, by_offset);
	for (size_t i = 0; i < count; i++)
		if (!kept || list[kept - 1].offset != list[i].offset)
			list[kept++] = list[i];
	for (size_t i = 0; i < kept && kept <= max; i++)
		if (!(list[i].name = arena_strdup(s->arena, list[i].name)))
			return err_nomem(e);
	*out = list;
	*n = kept;
	if (kept > max)
		return err_set(e, "%s: %zu functions match '%s'; at most %zu can be probed",
			s->path, kept, pattern, max);
	if (!kept) {
		err_set(e, "%s: no function matches '%s'", s->path, pattern);
		return symbols_is_stripped(s)
		               ? err_hint(e,
					 "the file is stripped: only exported functions have names")
		               : false;
	}
	return true;
}

struct candidate {
	struct symbols_place place;
	unsigned rank;
};

/* Prefer symbols with a size, then exported ones, then those with fewer leading underscores. */
static unsigned rank_of(const struct symbols_walk *w)
{
	size_t underscores = strspn(w->sym.name, "_");
	return (w->sym.size ? 0 : 64u) + (w->sym.bind == ELF_LOCAL ? 32u : 0) +
	       (underscores < 31 ? (unsigned)underscores : 31);
}

static int by_place_and_rank(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = by_offset(&x->place, &y->place);
	if (!order)
		order = (x->rank > y->rank) - (x->rank < y->rank);
	return order ? order : strcmp(x->place.name, y->place.name);
}

struct symbols_place *symbols_functions(const struct symbols *s, struct arena *a, size_t *n)
{
	struct arena scratch = {0};
	struct candidate *list = NULL;
	size_t count = 0, room = 0, left = s->elf.file.n + s->debug.file.n; /* if names overlap */
	uint64_t offset;
	*n = 0;
	for (struct symbols_walk w = {.elf = &s->elf}; symbols_next(s, &w);) {
		if (!symbols_is_function(s, &w) || !symbols_code_offset(s, &w, &offset))
			continue;
		struct candidate *grown = arena_grow(&scratch, list, count, &room, sizeof *list);
		if (!grown)
			break;
		list = grown;
		list[count++] = (struct candidate){
			{.name = w.sym.name, .offset = offset, .size = w.sym.size}, rank_of(&w)};
	}
	if (count)
		qsort(list, count, sizeof *list, by_place_and_rank);
	struct symbols_place *out = count ? arena_array(a, count, sizeof *out) : NULL;
	for (size_t i = 0; out && i < count; i++) {
		if (*n && out[*n - 1].offset == list[i].place.offset)
			continue;
		size_t len = strcspn(list[i].place.name, "@");
		out[*n] = list[i].place;
		out[*n].name = len < left ? arena_strndup(a, list[i].place.name, len) : NULL;
		left -= len < left ? len : 0;
		if (out[*n].name)
			++*n;
	}
	arena_free(&scratch);
	return out;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as BTF: reads every part of every type, sanitises for older kernels, whose
 * results must be valid BTF, and prints the types as C. */
#include <stdlib.h>

#include "elf/btf/btf_c.h"
#include "elf/btf/btf_impl.h"
#include "elf/btf/btf_sanitise.h"
#include "../unit/btf_build.h"
#include "harness.h"

enum { OPENED, SANITISED, NORMALISED, C, LAZILY, PAGED };
struct goal goals[] = {[OPENED] = {.name = "opened"},
	[SANITISED] = {.name = "sanitised"},
	[NORMALISED] = {.name = "normalised"},
	[C] = {.name = "C"},
	[LAZILY] = {.name = "lazily"},
	[PAGED] = {.name = "page by page"},
	{0}};

/* An imaginary file that contains every section and variable. */
static bool section(const void *ctx, const char *name, uint32_t *size)
{
	(void)ctx;
	*size = (uint32_t)strlen(name) * 1000;
	return true;
}

static bool variable(
	const void *ctx, const char *section_name, const char *name, uint32_t *offset, bool *hidden)
{
	(void)ctx;
	*offset = (uint32_t)strlen(section_name) * (uint8_t)*name;
	*hidden = *name == 'h';
	return true;
}

static bool hidden(const void *ctx, const char *name)
{
	(void)ctx;
	return *name == 'h';
}

static void again(unsigned goal, struct span blob, const struct err *e, struct arena *a)
{
	struct btf b;
	struct err later = {0};
	if (!blob.n) {
		if (!e->set)
			abort();
	} else if (!btf_open(&b, blob, NULL, a, &later) && !is_short_of_memory()) {
		abort();
	}
	reach(goal, blob.n);
}

/* No name may put control or non-ASCII characters into the output. */
static void plain(void *ctx, const char *text, size_t n)
{
	(void)ctx;
	for (size_t i = 0; i < n; i++)
		if ((text[i] < ' ' && text[i] != '\n' && text[i] != '\t') || text[i] > '~')
			abort();
}

static void as_c(const struct btf *b, struct arena *a)
{
	enum { SHOWN = 4 }; /* only a few types, as one may take as long as all together */
	const struct btf_text out = {plain, NULL};
	struct err e = {0};
	if (btf_c_header(b, out, a, &e) == e.set)
		abort();
	for (uint32_t id = b->end > SHOWN ? b->end - SHOWN : 0; id < b->end; id++) {
		e = (struct err){0};
		if (reach(C, btf_c_show(b, id, out, a, &e)) == e.set)
			abort();
	}
}

static bool read_input(void *ctx, size_t off, uint8_t *to, size_t n)
{
	const struct span *blob = ctx;
	if (!span_has(*blob, off, n))
		abort();
	if (n)
		memcpy(to, blob->p + off, n);
	return true;
}

/* The same bytes as the types of a kernel. end: one past their last id, 0 if they are invalid. */
static void lazily(struct span blob, uint32_t end, bool paged)
{
	const uint32_t kinds = BTF_COMPOSITES | BTF_ENUMS | 1u << BTF_FUNC | 1u << BTF_TYPEDEF;
	const struct btf_source source = {read_input, &blob};
	struct btf_names names = {0};
	struct arena a = {0};
	struct btf b;
	struct err e = {0};
	struct span room = blob;
	uint32_t last = 0;
	if (paged && !(room.p = arena_alloc(&a, blob.n)))
		return;
	btf_names_add(&names, kinds, "s", 1);
	btf_names_add(&names, kinds, "task_struct", 11);
	if (btf_open_above(&b, room, paged ? &source : NULL, 0, &a, &e)) {
		for (struct btf_type t = {0}; btf_next_named(&b, &t, &names); last = t.id)
			if (t.id <= last || !btf_kind_in(t.kind, kinds))
				abort();
		bb_walk(&b);
		uint32_t lazy_end = btf_end(&b, &e);
		reach(paged ? PAGED : LAZILY, lazy_end);
		if (!lazy_end != e.set || (end && lazy_end != end))
			abort();
	} else if (!*e.text || (end && !a.full)) {
		abort();
	}
	arena_free(&a);
}

void fuzz_input(const uint8_t *data, size_t size)
{
	static const struct btf_symbols places = {section, variable, hidden, NULL, false};
	struct arena a = {0};
	struct btf b;
	struct err e = {0};
	if (reach(OPENED, btf_open(&b, (struct span){data, size, false}, NULL, &a, &e))) {
		bb_walk(&b);
		as_c(&b, &a);
		btf_levels_of(&b);
		for (int level = 0; level < BTF_LEVELS; level++)
			again(SANITISED, btf_sanitise(&b, (enum btf_level)level, &a, &e), &e, &a);
		again(NORMALISED, btf_normalise(&b, &a, &e), &e, &a);
		again(SANITISED, btf_complete_datasecs(&b, &places, &a, &e), &e, &a);
		for (unsigned paged = 0; paged < 2; paged++)
			lazily((struct span){data, size, false}, b.end, paged);
	} else if (!*e.text) {
		abort();
	} else {
		lazily((struct span){data, size, false}, 0, size % 2);
	}
	free_small(&a);
}

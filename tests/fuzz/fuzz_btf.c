/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as BTF: reads every part of every type, sanitises for older kernels, whose
 * results must be valid BTF, and prints the types as C. */
#include <stdlib.h>

#include "elf/btf/btf_c.h"
#include "elf/btf/btf_sanitise.h"
#include "../unit/btf_build.h"
#include "harness.h"

enum { OPENED, SANITISED, NORMALISED, C };
struct goal goals[] = {[OPENED] = {.name = "opened"},
	[SANITISED] = {.name = "sanitised"},
	[NORMALISED] = {.name = "normalised"},
	[C] = {.name = "C"},
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
	} else if (!*e.text) {
		abort();
	}
	free_small(&a);
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Any bytes as BTF: every part of every type, and the rewrites for older kernels, whose results
 * must be BTF again. */
#include <stdlib.h>

#include "../../elf/btf_sanitise.h"
#include "../unit/btf_build.h"

/* A file that has every section and variable, somewhere. */
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

static void again(struct span blob, const struct err *e, struct arena *a)
{
	struct btf b;
	struct err later = {0};
	if (!blob.n) {
		if (!e->set)
			abort();
	} else if (!btf_open(&b, blob, NULL, a, &later)) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct btf_places places = {section, variable, hidden, NULL};
	struct arena a = {0};
	struct btf b;
	struct err e = {0};
	if (btf_open(&b, (struct span){data, size, false}, NULL, &a, &e)) {
		bb_walk(&b);
		btf_levels_of(&b);
		for (int level = 0; level < BTF_LEVELS; level++)
			again(btf_sanitise(&b, (enum btf_level)level, &a, &e), &e, &a);
		again(btf_fix_datasecs(&b, &places, &a, &e), &e, &a);
	} else if (!*e.text) {
		abort();
	}
	arena_free(&a);
	return 0;
}

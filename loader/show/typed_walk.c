/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "typed_impl.h"

#include <string.h>

bool typed_spend(struct typed_walk *w)
{
	if (!w->nodes || (w->o && w->o->cut))
		return false;
	if (--w->nodes)
		return true;
	if (w->o)
		typed_printf(w->o, "...");
	return false;
}

uint64_t typed_array_len(const struct typed_walk *w, const struct typed_shape *s,
	struct typed_field f, uint64_t size)
{
	uint64_t n = btf_array_len(&s->t);
	if (n || !f.open || !size)
		return n;
	return span_from(w->rec, f.bit_off / 8).n / size;
}

struct span typed_string(const struct typed_walk *w, const struct typed_shape *s,
	struct typed_field f, bool *missing)
{
	struct span text = typed_bytes(s, f, w->rec);
	*missing = !text.n && s->size;
	const uint8_t *nul = text.n ? memchr(text.p, 0, text.n) : NULL;
	if (nul)
		text.n = (size_t)(nul - text.p);
	return text;
}

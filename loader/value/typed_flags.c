/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "typed_shape.h"

#include "elf/base/format.h"

#include <string.h>

static uint64_t bits_of(const struct typed_shape *s, uint32_t i)
{
	uint64_t v = (uint64_t)btf_enumerator(&s->t, i).value;
	return s->size < 8 ? v & ((UINT64_C(1) << s->size * 8) - 1) : v;
}

static bool is_single(uint64_t v)
{
	return v && !(v & (v - 1));
}

bool typed_is_flags(const struct typed_shape *s)
{
	uint64_t all = 0;
	unsigned n = 0;
	for (uint32_t i = 0; i < s->t.vlen; i++) {
		uint64_t v = bits_of(s, i);
		n += is_single(v) && !(all & v);
		all |= is_single(v) ? v : 0;
	}
	for (uint32_t i = 0; i < s->t.vlen; i++) {
		uint64_t v = bits_of(s, i);
		if (v && !is_single(v) && v != all)
			return false;
	}
	return btf_is_enum(&s->t) && n >= 3;
}

/* Whether the reader of values recognises it: only in C are all names like that. */
static bool is_identifier(const char *name)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
	return *name && !name[strspn(name, letters)];
}

bool typed_flags_text(const struct typed_shape *s, uint64_t v, char *buf, size_t size)
{
	size_t n = 0;
	if (!v || !typed_is_flags(s))
		return false;
	if (s->size < 8)
		v &= (UINT64_C(1) << s->size * 8) - 1;
	for (uint32_t i = 0; v && i < s->t.vlen; i++) {
		const char *name = btf_enumerator(&s->t, i).name;
		uint64_t bit = bits_of(s, i);
		if (!is_single(bit) || !(v & bit) || !is_identifier(name))
			continue;
		n += (size_t)text_print(buf + n, size - n, "%s%s", n ? "|" : "", name);
		if (n >= size)
			return false;
		v &= ~bit;
	}
	return !v;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Builds BTF for tests, record by record and in either byte order.
 */
#ifndef MAKE_BTF_H
#define MAKE_BTF_H

#include <stdlib.h>
#include <string.h>

#include "../../elf/btf.h"

enum { MAKE_TYPES = 16384, MAKE_STRINGS = 8192, MAKE_HEADER = 24 };

struct make_btf {
	bool big;
	uint32_t n_types, n_strings, last; /* bytes, bytes, id of the newest type */
	uint8_t types[MAKE_TYPES], strings[MAKE_STRINGS];
	uint8_t *blob; /* exactly as long as the BTF, so that a sanitizer sees reads behind it */
	struct arena arena;
	struct btf btf;
};

static inline void mb_word(struct make_btf *m, uint32_t v)
{
	if (m->n_types + 4 > MAKE_TYPES)
		abort();
	bytes_put(m->types + m->n_types, 4, m->big, v);
	m->n_types += 4;
}

static inline uint32_t mb_string(struct make_btf *m, const char *s)
{
	uint32_t at = m->n_strings;
	size_t n = strlen(s) + 1;
	if (n == 1)
		return 0;
	if (at + n > MAKE_STRINGS)
		abort();
	memcpy(m->strings + at, s, n);
	m->n_strings += (uint32_t)n;
	return at;
}

static inline struct make_btf *mb_new(bool big)
{
	struct make_btf *m = calloc(1, sizeof *m);
	if (!m)
		abort();
	m->big = big;
	m->n_strings = 1;
	return m;
}

/* A type record without its tail; returns its id. */
static inline uint32_t mb_type(struct make_btf *m, enum btf_kind kind, const char *name,
	uint32_t vlen, bool kflag, uint32_t size_or_type)
{
	mb_word(m, mb_string(m, name));
	mb_word(m, (uint32_t)kflag << 31 | (uint32_t)kind << 24 | vlen);
	mb_word(m, size_or_type);
	return ++m->last;
}

static inline uint32_t mb_int(
	struct make_btf *m, const char *name, uint32_t size, unsigned encoding)
{
	uint32_t id = mb_type(m, BTF_INT, name, 0, false, size);
	mb_word(m, encoding << 24 | size * 8);
	return id;
}

static inline uint32_t mb_array(struct make_btf *m, uint32_t element, uint32_t index, uint32_t n)
{
	uint32_t id = mb_type(m, BTF_ARRAY, "", 0, false, 0);
	mb_word(m, element);
	mb_word(m, index);
	mb_word(m, n);
	return id;
}

/* Call it vlen times behind a struct or union. bits: 0 unless a bit-field (kflag set). */
static inline void mb_member(
	struct make_btf *m, const char *name, uint32_t type, uint32_t bit_off, uint32_t bits)
{
	mb_word(m, mb_string(m, name));
	mb_word(m, type);
	mb_word(m, bits << 24 | bit_off);
}

static inline void mb_enumerator(struct make_btf *m, const char *name, uint32_t value)
{
	mb_word(m, mb_string(m, name));
	mb_word(m, value);
}

static inline void mb_secinfo(struct make_btf *m, uint32_t var, uint32_t off, uint32_t size)
{
	mb_word(m, var);
	mb_word(m, off);
	mb_word(m, size);
}

/* The finished BTF. NULL when it does not open. */
static inline const struct btf *mb_btf(struct make_btf *m)
{
	size_t n = MAKE_HEADER + m->n_types + m->n_strings;
	uint8_t *p = m->blob = malloc(n);
	if (!p)
		abort();
	bytes_put(p, 2, m->big, 0xeb9f);
	p[2] = 1;
	p[3] = 0;
	bytes_put(p + 4, 4, m->big, MAKE_HEADER);
	bytes_put(p + 8, 4, m->big, 0);
	bytes_put(p + 12, 4, m->big, m->n_types);
	bytes_put(p + 16, 4, m->big, m->n_types);
	bytes_put(p + 20, 4, m->big, m->n_strings);
	memcpy(p + MAKE_HEADER, m->types, m->n_types);
	memcpy(p + MAKE_HEADER + m->n_types, m->strings, m->n_strings);
	struct err e = {0};
	struct span blob = {p, n, m->big};
	return btf_open(&m->btf, blob, NULL, &m->arena, &e) ? &m->btf : NULL;
}

static inline void mb_free(struct make_btf *m)
{
	arena_free(&m->arena);
	free(m->blob);
	free(m);
}

#endif

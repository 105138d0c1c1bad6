/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { HEADER = 24, HEADER_LAYOUT = 32 };

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

void bb_init(struct bb *b, bool big)
{
	*b = (struct bb){.big = big, .first = 1, .n_strings = 1};
	b->types = must(calloc(BB_TYPES, 1));
	b->strings = must(calloc(BB_STRINGS, 1));
}

void bb_split(struct bb *b, const struct btf *base)
{
	bb_init(b, base->data.big);
	b->first = base->end;
	b->first_string = base->first_string + (uint32_t)base->strings.n;
	b->n_strings = 0;
}

void bb_free(struct bb *b)
{
	free(b->types);
	free(b->strings);
	for (unsigned i = 0; i < b->n_blobs; i++)
		free(b->blobs[i]);
	arena_free(&b->arena);
}

uint32_t bb_string(struct bb *b, const char *s)
{
	uint32_t off = b->first_string + b->n_strings;
	size_t n = strlen(s) + 1;
	if (n == 1)
		return 0;
	if (b->n_strings + n > BB_STRINGS)
		abort();
	memcpy(b->strings + b->n_strings, s, n);
	b->n_strings += (uint32_t)n;
	return off;
}

void bb_word(struct bb *b, uint32_t word)
{
	if (b->n_types + 4 > BB_TYPES)
		abort();
	bytes_put(b->types + b->n_types, 4, b->big, word);
	b->n_types += 4;
}

uint32_t bb_type(
	struct bb *b, unsigned kind, const char *name, uint32_t vlen, bool kflag, uint32_t word)
{
	b->newest = b->n_types;
	bb_word(b, bb_string(b, name));
	bb_word(b, (uint32_t)kflag << 31 | (uint32_t)kind << 24 | vlen);
	bb_word(b, word);
	return b->first + b->n++;
}

/* Adds one part to the vlen of the newest type. */
static void grow(struct bb *b, bool kflag)
{
	uint8_t *info = b->types + b->newest + 4;
	uint32_t v = (uint32_t)bytes_get(info, 4, b->big) + 1;
	bytes_put(info, 4, b->big, v | (uint32_t)kflag << 31);
}

static unsigned newest_kind(const struct bb *b)
{
	return bytes_get(b->types + b->newest + 4, 4, b->big) >> 24 & 0x7f;
}

uint32_t bb_int(struct bb *b, const char *name, uint32_t size, unsigned encoding)
{
	uint32_t id = bb_type(b, BTF_INT, name, 0, false, size);
	bb_word(b, (uint32_t)encoding << 24 | size * 8);
	return id;
}

uint32_t bb_ptr(struct bb *b, uint32_t type)
{
	return bb_type(b, BTF_PTR, "", 0, false, type);
}

uint32_t bb_ref(struct bb *b, enum btf_kind kind, const char *name, uint32_t type)
{
	return bb_type(b, kind, name, 0, false, type);
}

uint32_t bb_array(struct bb *b, uint32_t type, uint32_t n)
{
	uint32_t id = bb_type(b, BTF_ARRAY, "", 0, false, 0);
	bb_word(b, type);
	bb_word(b, type);
	bb_word(b, n);
	return id;
}

uint32_t bb_struct(struct bb *b, const char *name, uint32_t size)
{
	return bb_type(b, BTF_STRUCT, name, 0, false, size);
}

uint32_t bb_union(struct bb *b, const char *name, uint32_t size)
{
	return bb_type(b, BTF_UNION, name, 0, false, size);
}

void bb_member(struct bb *b, const char *name, uint32_t type, uint32_t bit_off)
{
	grow(b, false);
	bb_word(b, bb_string(b, name));
	bb_word(b, type);
	bb_word(b, bit_off);
}

void bb_bits(struct bb *b, const char *name, uint32_t type, uint32_t bit_off, unsigned bits)
{
	grow(b, true);
	bb_word(b, bb_string(b, name));
	bb_word(b, type);
	bb_word(b, (uint32_t)bits << 24 | bit_off);
}

uint32_t bb_enum(struct bb *b, const char *name, uint32_t size, bool is_signed)
{
	return bb_type(b, BTF_ENUM, name, 0, is_signed, size);
}

uint32_t bb_enum64(struct bb *b, const char *name, bool is_signed)
{
	return bb_type(b, BTF_ENUM64, name, 0, is_signed, 8);
}

void bb_value(struct bb *b, const char *name, int64_t value)
{
	grow(b, false);
	bb_word(b, bb_string(b, name));
	bb_word(b, (uint32_t)value);
	if (newest_kind(b) == BTF_ENUM64)
		bb_word(b, (uint32_t)((uint64_t)value >> 32));
}

uint32_t bb_fwd(struct bb *b, const char *name, bool is_union)
{
	return bb_type(b, BTF_FWD, name, 0, is_union, 0);
}

uint32_t bb_proto(struct bb *b, uint32_t returns)
{
	return bb_type(b, BTF_FUNC_PROTO, "", 0, false, returns);
}

void bb_param(struct bb *b, const char *name, uint32_t type)
{
	grow(b, false);
	bb_word(b, bb_string(b, name));
	bb_word(b, type);
}

uint32_t bb_func(struct bb *b, const char *name, uint32_t proto, unsigned linkage)
{
	return bb_type(b, BTF_FUNC, name, linkage, false, proto);
}

uint32_t bb_var(struct bb *b, const char *name, uint32_t type, unsigned linkage)
{
	uint32_t id = bb_type(b, BTF_VAR, name, 0, false, type);
	bb_word(b, linkage);
	return id;
}

uint32_t bb_datasec(struct bb *b, const char *name, uint32_t size)
{
	return bb_type(b, BTF_DATASEC, name, 0, false, size);
}

void bb_secinfo(struct bb *b, uint32_t var, uint32_t offset, uint32_t size)
{
	grow(b, false);
	bb_word(b, var);
	bb_word(b, offset);
	bb_word(b, size);
}

uint32_t bb_decl_tag(struct bb *b, const char *name, uint32_t type, int32_t component)
{
	uint32_t id = bb_type(b, BTF_DECL_TAG, name, 0, false, type);
	bb_word(b, (uint32_t)component);
	return id;
}

void bb_layout(struct bb *b, unsigned kind, uint8_t fixed, uint8_t each)
{
	if ((kind + 1) * 4 > sizeof b->layout)
		abort();
	b->layout[kind * 4] = fixed;
	b->layout[kind * 4 + 1] = each;
	if (b->n_layout < (kind + 1) * 4)
		b->n_layout = (kind + 1) * 4;
}

struct span bb_done(struct bb *b)
{
	uint32_t header = b->n_layout ? HEADER_LAYOUT : HEADER;
	size_t n = (size_t)header + b->n_types + b->n_layout + b->n_strings;
	uint8_t *p = must(calloc(n, 1));
	if (b->n_blobs == BB_BLOBS) {
		free(b->blobs[0]);
		memmove(b->blobs, b->blobs + 1, sizeof b->blobs - sizeof *b->blobs);
		b->n_blobs--;
	}
	b->blobs[b->n_blobs++] = p;
	const uint32_t words[] = {header, 0, b->n_types, b->n_types + b->n_layout, b->n_strings,
		b->n_types, b->n_layout};
	bytes_put(p, 2, b->big, 0xeb9f);
	p[2] = 1;
	for (size_t i = 0; i < (header - 4) / 4; i++)
		bytes_put(p + 4 + i * 4, 4, b->big, words[i]);
	memcpy(p + header, b->types, b->n_types);
	memcpy(p + header + b->n_types, b->layout, b->n_layout);
	memcpy(p + header + b->n_types + b->n_layout, b->strings, b->n_strings);
	return (struct span){p, n, false};
}

void bb_open(struct bb *b, const struct btf *base, struct btf *btf)
{
	struct err e = {0};
	if (!btf_open(btf, bb_done(b), base, &b->arena, &e))
		fail_msg("btf_open: %s", e.text);
}

/* Parts at both ends and one past the end only, so that a vlen of 2^24 is not slow. */
static uint64_t walk_parts(const struct btf_type *t)
{
	uint64_t sum = 0;
	const uint32_t at[] = {0, 1, 2, t->vlen / 2, t->vlen - 1, t->vlen, UINT32_MAX};
	for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
		uint32_t i = at[k];
		sum += strlen(btf_member(t, i).name) + btf_member(t, i).bit_off;
		sum += strlen(btf_enumerator(t, i).name) + (uint64_t)btf_enumerator(t, i).value;
		sum += strlen(btf_param(t, i).name) + btf_param(t, i).type;
		sum += btf_secinfo(t, i).offset;
	}
	return sum;
}

static uint64_t walk_type(const struct btf *btf, uint32_t id)
{
	char text[64];
	struct btf_type t;
	uint64_t sum = btf_type(btf, id, &t);
	sum += strlen(btf_name(&t)) + walk_parts(&t) + strlen(btf_kind_name(t.kind));
	sum += btf_array_len(&t) + btf_int_encoding(&t) + btf_int_bits(&t) + btf_int_offset(&t);
	sum += btf_var_linkage(&t) + (uint64_t)btf_decl_tag_component(&t);
	sum += (uint64_t)btf_size(btf, id) + btf_skip(btf, id, &t);
	btf_spell(btf, id, text, sizeof text);
	return sum + strlen(text);
}

uint64_t bb_walk(const struct btf *btf)
{
	uint64_t sum = strlen(btf_str(btf, UINT32_MAX)) + btf_find(btf, BTF_STRUCT, "nobody");
	for (struct btf_type t = {0}; btf_next(btf, &t);)
		sum += walk_type(btf, t.id);
	return sum + walk_type(btf, 0) + walk_type(btf, btf->end) + walk_type(btf, UINT32_MAX);
}

uint32_t bb_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

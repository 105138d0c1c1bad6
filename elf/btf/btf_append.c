/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_append.h"

enum {
	NAME_MAX_CUT = 255,
	BYTES_MAX = 1 << 24, /* limit of added types or strings, far beyond any record */
	SHARED_MAX = 4096,   /* bytes of added strings up to which duplicates are searched */
};

struct span btf_empty(bool big)
{
	static const uint8_t headers[2][BTF_HEADER] = {
		{BTF_MAGIC & 0xff, BTF_MAGIC >> 8, BTF_VERSION, 0, BTF_HEADER},
		{BTF_MAGIC >> 8, BTF_MAGIC & 0xff, BTF_VERSION, 0, 0, 0, 0, BTF_HEADER},
	};
	return (struct span){headers[big], BTF_HEADER, big};
}

void btf_append_begin(struct btf_append *b, const struct btf *base, struct arena *a)
{
	*b = (struct btf_append){.base = base, .arena = a, .next = base->end};
}

/* Appends n bytes, which the caller fills. */
static uint8_t *grow(struct btf_append *b, struct btf_bytes *to, size_t n)
{
	if (b->failed || n > BYTES_MAX - to->n) {
		b->failed = true;
		return NULL;
	}
	if (n > to->room - to->n) {
		size_t room = (to->n + n) * 2 + 256;
		uint8_t *p = arena_alloc(b->arena, room);
		if (!p) {
			b->failed = true;
			return NULL;
		}
		if (to->n)
			memcpy(p, to->p, to->n);
		to->p = p;
		to->room = room;
	}
	to->n += n;
	return to->p + to->n - n;
}

static void put_word(struct btf_append *b, uint32_t word)
{
	uint8_t *p = grow(b, &b->types, 4);
	if (p)
		bytes_put(p, 4, b->base->data.big, word);
}

/* Returns the offset. Shares strings that were added before. */
static uint32_t put_string(struct btf_append *b, const char *s)
{
	size_t n = strnlen(s, NAME_MAX_CUT);
	const struct btf_bytes *all = &b->strings;
	if (!n)
		return 0;
	if (!all->n && !b->base->strings.n) { /* offset 0 is the empty string */
		uint8_t *empty = grow(b, &b->strings, 1);
		if (!empty)
			return 0;
		*empty = 0;
	}
	for (size_t at = 0; at < all->n && all->n < SHARED_MAX;
		at += strlen((const char *)all->p + at) + 1)
		if (!strncmp((const char *)all->p + at, s, n) && !all->p[at + n])
			return (uint32_t)(b->base->strings.n + at);
	uint32_t off = (uint32_t)(b->base->strings.n + all->n);
	uint8_t *p = grow(b, &b->strings, n + 1);
	if (!p)
		return 0;
	memcpy(p, s, n);
	p[n] = 0;
	return off;
}

uint32_t btf_append_type(struct btf_append *b, enum btf_kind kind, const char *name, uint32_t vlen,
	bool kflag, uint32_t word)
{
	if (vlen > 0xffff)
		b->failed = true;
	put_word(b, put_string(b, name));
	put_word(b, (uint32_t)kflag << 31 | (uint32_t)kind << 24 | (vlen & 0xffff));
	put_word(b, word);
	return b->failed ? 0 : b->next++;
}

uint32_t btf_append_int(struct btf_append *b, const char *name, uint32_t size, unsigned encoding)
{
	uint32_t id = btf_append_type(b, BTF_INT, name, 0, false, size);
	put_word(b, (uint32_t)encoding << 24 | size * 8);
	return id;
}

uint32_t btf_append_int_like(struct btf_append *b, const struct btf_type *t)
{
	uint32_t id = btf_append_type(b, BTF_INT, btf_name(t), 0, false, t->size);
	put_word(b, span_u32(t->tail, 0));
	return id;
}

/* Kernels require an index type for arrays; it is never shown. */
static uint32_t index_type(struct btf_append *b)
{
	static const char name[] = "__ARRAY_SIZE_TYPE__";
	struct btf_type t = {0};
	if (!b->index)
		b->index = btf_append_find(b, BTF_INT, name, 4);
	if (!b->index && btf_next_in(b->base, &t, 1u << BTF_INT))
		b->index = t.id;
	if (!b->index)
		b->index = btf_append_int(b, name, 4, 0);
	return b->index;
}

uint32_t btf_append_array(struct btf_append *b, uint32_t element, uint32_t n)
{
	uint32_t index = index_type(b);
	uint32_t id = btf_append_type(b, BTF_ARRAY, "", 0, false, 0);
	put_word(b, element);
	put_word(b, index);
	put_word(b, n);
	return id;
}

void btf_append_member(struct btf_append *b, const char *name, uint32_t type, uint32_t place)
{
	put_word(b, put_string(b, name));
	put_word(b, type);
	put_word(b, place);
}

void btf_append_enumerator(struct btf_append *b, const char *name, uint64_t value, bool wide)
{
	put_word(b, put_string(b, name));
	put_word(b, (uint32_t)value);
	if (wide)
		put_word(b, (uint32_t)(value >> 32));
}

void btf_append_param(struct btf_append *b, uint32_t type)
{
	put_word(b, 0);
	put_word(b, type);
}

void btf_append_decl_tag(struct btf_append *b, const char *tag, uint32_t type, int32_t member)
{
	btf_append_type(b, BTF_DECL_TAG, tag, 0, false, type);
	put_word(b, (uint32_t)member);
}

struct btf_append_mark btf_append_mark(const struct btf_append *b)
{
	return (struct btf_append_mark){b->types.n, b->strings.n, b->next};
}

void btf_append_undo(struct btf_append *b, struct btf_append_mark m)
{
	b->types.n = m.types;
	b->strings.n = m.strings;
	b->next = m.next;
	if (b->index >= m.next)
		b->index = 0;
}

uint32_t btf_append_find(
	const struct btf_append *b, enum btf_kind kind, const char *name, uint64_t size)
{
	struct btf_type t = {0};
	if (!*name)
		return 0;
	while (btf_next_in(b->base, &t, 1u << kind)) {
		if (strcmp(btf_name(&t), name))
			continue;
		uint64_t has = kind == BTF_TYPEDEF ? (uint64_t)btf_size(b->base, t.id) : t.size;
		if (kind == BTF_FWD || has == size)
			return t.id;
	}
	return 0;
}

/* Writes a section and its offset and length in the header. */
static void put_part(uint8_t *blob, size_t *end, bool big, unsigned field, const uint8_t *base,
	size_t n, struct btf_bytes more)
{
	size_t header = (size_t)bytes_get(blob + 4, 4, big);
	bytes_put(blob + field, 4, big, *end - header);
	bytes_put(blob + field + 4, 4, big, n + more.n);
	if (n)
		memcpy(blob + *end, base, n);
	if (more.n)
		memcpy(blob + *end + n, more.p, more.n);
	*end += n + more.n;
}

struct span btf_append_end(struct btf_append *b, struct arena *a, struct err *e)
{
	const struct btf *base = b->base;
	const struct span none = {NULL, 0, base->data.big};
	bool big = base->data.big;
	if (!b->failed && b->next == base->end)
		return base->data;
	size_t header = base->layout.n ? BTF_HEADER_LAYOUT : BTF_HEADER;
	uint64_t n = header + base->layout.n + base->types.n + b->types.n;
	n += (uint64_t)base->strings.n + b->strings.n;
	uint8_t *p = b->failed || n > UINT32_MAX ? NULL : arena_alloc(a, (size_t)n);
	if (!p) {
		if (a->full || b->arena->full)
			err_nomem(e);
		else
			err_set(e, "the types of records exceed the limits of BTF");
		return none;
	}
	memcpy(p, base->data.p, 4); /* magic, version, flags */
	bytes_put(p + 4, 4, big, header);
	size_t end = header;
	put_part(p, &end, big, 8, base->types.p, base->types.n, b->types);
	if (base->layout.n)
		put_part(p, &end, big, 24, base->layout.p, base->layout.n, (struct btf_bytes){0});
	put_part(p, &end, big, 16, base->strings.p, base->strings.n, b->strings);
	return (struct span){p, (size_t)n, big};
}

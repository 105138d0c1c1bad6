/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "flat.h"

enum { FLAT_MAX = 1 << 30 };

static uint8_t *room_for(struct flat *f, size_t n)
{
	if (n > FLAT_MAX - f->n)
		f->failed = true;
	if (!f->failed && f->n + n > f->room) {
		size_t room = (f->n + n) * 2;
		uint8_t *p = arena_alloc(f->arena, room);
		if (p && f->n)
			memcpy(p, f->p, f->n);
		f->failed = !p;
		f->p = p ? p : f->p;
		f->room = p ? room : f->room;
	}
	if (f->failed)
		return NULL;
	f->n += n;
	return f->p + f->n - n;
}

void flat_put(struct flat *f, unsigned size, uint64_t v)
{
	uint8_t *p = room_for(f, size);
	if (p)
		bytes_put(p, size, f->big, v);
}

void flat_bytes(struct flat *f, const void *bytes, size_t n)
{
	uint8_t *p = room_for(f, n);
	if (p && n)
		memcpy(p, bytes, n);
}

void flat_align(struct flat *f, unsigned to)
{
	while (f->n % to && !f->failed)
		flat_put(f, 1, 0);
}

uint32_t flat_add(
	struct flat *f, const void *bytes, size_t n, unsigned align, uint32_t owner, bool exclusive)
{
	for (size_t i = 0; i < f->n_chunks && !f->failed; i++) {
		struct flat_chunk *c = &f->chunks[i];
		bool same = c->size == n && c->at % align == 0 && !memcmp(f->p + c->at, bytes, n);
		bool stays = c->owner == FLAT_SHARED && owner == FLAT_SHARED;
		bool other = c->owner != FLAT_SHARED && owner != FLAT_SHARED && c->owner != owner;
		if (!same || !(stays || (other && !exclusive)))
			continue;
		c->owner = owner;
		return c->at;
	}
	struct flat_chunk *list =
		arena_grow(f->arena, f->chunks, f->n_chunks, &f->chunks_room, sizeof *list);
	f->failed |= !list;
	flat_align(f, align);
	uint32_t at = (uint32_t)f->n;
	flat_bytes(f, bytes, n);
	if (f->failed)
		return 0;
	f->chunks = list;
	f->chunks[f->n_chunks++] = (struct flat_chunk){at, (uint32_t)n, owner};
	return at;
}

uint32_t flat_table(struct flat *f, const struct flat *t, unsigned align)
{
	f->failed |= t->failed;
	return t->n ? flat_add(f, t->p, t->n, align, FLAT_SHARED, false) : 0;
}

uint32_t flat_text(struct flat *f, const char *text)
{
	text = text ? text : "";
	return flat_add(f, text, strlen(text) + 1, 1, FLAT_SHARED, false);
}

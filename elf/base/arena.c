/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* AddressSanitizer only knows the bounds of chunks. Sanitized builds also poison the space between
 * allocations. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(SANITIZED)
#include <sanitizer/asan_interface.h>
enum { FENCE = 32 };
#else
#define __asan_poison_memory_region(p, n)   ((void)(p), (void)(n))
#define __asan_unpoison_memory_region(p, n) ((void)(p), (void)(n))
enum { FENCE = 0 };
#endif

enum { CHUNK_MIN = 32768 - 64, ALIGN = 16 };

struct arena_chunk {
	struct arena_chunk *next;
	size_t size, used;
	bool lent;
	_Alignas(ALIGN) unsigned char bytes[];
};

/* NULL if memory is exhausted. */
static struct arena_chunk *add_chunk(struct arena *a, size_t size, bool zeroed)
{
	struct arena_chunk *fresh =
		zeroed ? calloc(1, sizeof *fresh + size) : malloc(sizeof *fresh + size);
	if (!fresh) {
		a->full = true;
		return NULL;
	}
	*fresh = (struct arena_chunk){.size = size};
	/* A chunk for one allocation is linked after the current one, the rest of which remains in
	 * use. */
	struct arena_chunk **at = zeroed && a->chunk ? &a->chunk->next : &a->chunk;
	fresh->next = *at;
	*at = fresh;
	return fresh;
}

void arena_lend(struct arena *a, void *bytes, size_t size)
{
	struct arena_chunk *c = bytes;
	if (size < sizeof *c)
		return;
	*c = (struct arena_chunk){.next = a->chunk, .size = size - sizeof *c, .lent = true};
	a->chunk = c;
}

void *arena_alloc(struct arena *a, size_t size)
{
	if (size > SIZE_MAX / 2) {
		a->full = true;
		return NULL;
	}
	const size_t requested = size;
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	/* Small allocations are cleared one by one: calloc() would touch the whole chunk. Large ones
	 * have a chunk of their own, whose pages the system provides when they are used. */
	bool cleared = false;
	struct arena_chunk *c = a->chunk;
	if (!c || c->size - c->used < size + FENCE) {
		cleared = size > CHUNK_MIN / 4;
		c = add_chunk(a, (cleared ? size : CHUNK_MIN) + FENCE, cleared);
		if (!c)
			return NULL;
	}
	unsigned char *p = c->bytes + c->used;
	c->used += size + FENCE;
	a->used += size;
	if (!cleared)
		memset(p, 0, size);
	__asan_poison_memory_region(p + requested, size - requested + FENCE);
	return p;
}

void *arena_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size)
{
	if (items && count < *cap)
		return items;
	size_t more = count ? count * 2 : 8;
	void *p = arena_array(a, more, size);
	if (!p)
		return NULL;
	if (count)
		memcpy(p, items, count * size);
	*cap = more;
	return p;
}

void arena_free(struct arena *a)
{
	for (struct arena_chunk *c = a->chunk, *next; c; c = next) {
		next = c->next;
		if (c->lent)
			__asan_unpoison_memory_region(c->bytes, c->size);
		else
			free(c);
	}
	*a = (struct arena){0};
}

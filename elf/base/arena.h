/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Memory with one owner: everything that belongs to an object (or a plan, or one run of a command)
 * is taken from its arena and given back at once. There is no free() of a single piece, so no error
 * path can leak.
 *
 * Running out of memory is sticky: arena_alloc() then returns NULL and arena->full stays set.
 */
#ifndef SONDE_ARENA_H
#define SONDE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* newest first */
	size_t used;               /* bytes handed out, alignment included */
	bool full;                 /* an allocation has failed */
};

/* Zeroed memory for n elements of size bytes each, aligned for any type. NULL when n * size
 * overflows or memory is short. n or size 0 gives a valid pointer to nothing. */
void *arena_array(struct arena *a, size_t n, size_t size);
void *arena_alloc(struct arena *a, size_t size);

/* Copies; the string forms add the terminator. NULL when memory is short. */
void *arena_copy(struct arena *a, const void *bytes, size_t size);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s);
__attribute__((format(printf, 2, 3))) char *arena_printf(struct arena *a, const char *fmt, ...);

/*
 * Makes room for one more element in a growing array: returns *items, moved to a larger piece when
 * count has reached *cap. The old piece stays in the arena until its end, which costs less than
 * twice the final size. NULL (and *items unchanged) when memory is short.
 */
void *arena_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size);

/* Gives everything back; the arena is empty and usable again. */
void arena_free(struct arena *a);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Region-based allocation: all memory of an object (or of a plan, or of one run of a command) comes
 * from one arena and is released at once. Individual allocations are never freed, so error paths
 * cannot leak.
 *
 * After a failed allocation arena->full remains set.
 */
#ifndef SONDE_ARENA_H
#define SONDE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* newest first */
	size_t used;               /* bytes allocated, including alignment */
	bool full;                 /* an allocation has failed */
};

/* Lets an empty arena use size bytes of the caller's before it allocates. They must be aligned for any type
 * and outlive it; their contents do not matter. Too few are not used. */
void arena_lend(struct arena *a, void *bytes, size_t size);

/* Zeroed memory for n elements of size bytes each, aligned for any type. NULL if n * size overflows
 * or memory is exhausted. If n or size is 0, a valid pointer that must not be dereferenced. */
void *arena_array(struct arena *a, size_t n, size_t size);
void *arena_alloc(struct arena *a, size_t size);

/* Copies; strings are NUL-terminated. NULL if memory is exhausted. */
void *arena_copy(struct arena *a, const void *bytes, size_t size);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s);
__attribute__((format(printf, 2, 3))) char *arena_printf(struct arena *a, const char *fmt, ...);

/* Copies of very many short strings, without the alignment that each allocation of its own costs. {0} is
 * an empty one. */
struct arena_names {
	char *text; /* the unused part of the current block */
	size_t left;
};

/* NULL if memory is exhausted, or for a string of 64 KiB and more. */
const char *arena_name(struct arena *a, struct arena_names *names, const char *s);

/*
 * Ensures that an array has space for one more element. Returns items, or a larger copy if count
 * has reached *cap. The old array remains allocated until the arena is freed, so the total is less
 * than twice the final size. NULL if memory is exhausted; items remains valid.
 */
void *arena_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size);

/* Frees everything. The arena is empty and can be used again. */
void arena_free(struct arena *a);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared by the files of btf.h:
 *
 *     btf.c        the header, parts of types, sizes, spelling
 *     btf_walk.c   type records: validation, index, iteration
 *     btf_find.c   types by name
 *     btf_pages.c  bytes that are not in memory yet
 *     btf_ext.c    the lists of .BTF.ext
 */
#ifndef SONDE_BTF_IMPL_H
#define SONDE_BTF_IMPL_H

#include "btf.h"

/* What is known about names: nothing, until a third name is looked for. */
struct btf_finder {
	struct arena *arena; /* that of the blob's index */
	uint32_t calls;
	uint32_t *bucket,
		*next; /* 1 + the number of the first type of a hash value, of the next one */
	uint32_t mask;
};

enum { BTF_LAZY_MAX = 1 << 29 }; /* bytes of types: sums of their sizes fit into 32 bits */

/* One pass over all records: validates each and indexes every b->stride-th one. */
bool btf_open_types(struct btf *b, struct arena *a, struct err *e);

/* Leaves that pass to the first walk. Only without a base, and for at most BTF_LAZY_MAX bytes of
 * types. */
bool btf_open_frontier(struct btf *b, struct arena *a, struct err *e);

/* btf_open_lazily(), which passes BTF_SMALL: blobs with at most `small` bytes of types are opened
 * completely. */
bool btf_open_above(struct btf *b, struct span data, const struct btf_source *source, size_t small,
	struct arena *a, struct err *e);

/* Makes the bytes of a blob readable. */
struct btf_pages;
bool btf_open_pages(struct btf *b, const struct btf_source *source, struct arena *a, struct err *e);
void btf_load_pages(const struct btf *b, const uint8_t *p, size_t n);
void btf_load_string(const struct btf *b, const uint8_t *p);

/* Reads n bytes that begin at p, a place in the blob, without keeping them. */
bool btf_read_pages(const struct btf *b, const uint8_t *p, uint8_t *to, size_t n);

/* Whether a page could not be read: it contains zeroes. */
bool btf_pages_failed(const struct btf *b);

static inline __attribute__((always_inline)) void btf_load(
	const struct btf *b, const uint8_t *p, size_t n)
{
	if (b->pages)
		btf_load_pages(b, p, n);
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Bytes in the byte order of another machine: numbers are appended one by one, and tables are put where
 * the same bytes are already, if they are.
 */
#ifndef SONDE_FLAT_H
#define SONDE_FLAT_H

#include "elf/base/arena.h"
#include "elf/base/span.h"

struct flat_chunk {
	uint32_t at, size;
	uint32_t owner; /* who changes the bytes when they are used, or FLAT_SHARED */
};

enum { FLAT_SHARED = UINT16_MAX };

struct flat {
	struct arena *arena;
	bool big, failed; /* failed: out of memory, or too large */
	uint8_t *p;
	size_t n, room;
	struct flat_chunk *chunks;
	size_t n_chunks, chunks_room;
};

/* Appends a number of 1, 2, 4 or 8 bytes, or bytes. */
void flat_put(struct flat *f, unsigned size, uint64_t v);
void flat_bytes(struct flat *f, const void *bytes, size_t n);

/* Appends zeros up to a multiple of `to` bytes. */
void flat_align(struct flat *f, unsigned to);

/*
 * Where these bytes are, 0 after a failure: appended, or found. owner: FLAT_SHARED if they stay as they
 * are, else a number; bytes that change are shared between different owners only, and not if exclusive
 * is set.
 */
uint32_t flat_add(struct flat *f, const void *bytes, size_t n, unsigned align, uint32_t owner,
	bool exclusive);

/* flat_add() of a table that has been built in t, 0 if it is empty. */
uint32_t flat_table(struct flat *f, const struct flat *t, unsigned align);

/* The same for a terminated string; NULL is "". */
uint32_t flat_text(struct flat *f, const char *text);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Describes programs and maps in the kernel as lines of text. Loaders that request the same state
 * yield the same lines: ids, memory addresses and the order of creation are left out.
 */
#ifndef CONFORMANCE_FACTS_H
#define CONFORMANCE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum kind { KIND_PROG, KIND_MAP, KIND_LINK, KINDS };

/* The ids of all programs, maps or links in the kernel. */
struct ids {
	size_t n;
	uint32_t id[4096];
};

void ids_read(struct ids *ids, enum kind kind);
bool ids_have(const struct ids *ids, uint32_t id);

/* The attributes a program or map was created with that no kernel reports, as a line of text, or
 * NULL. */
typedef const char *asked_fn(enum kind kind, uint32_t id);

/* Where the loader mapped this arena, the only place where it can be mapped; false if it did not. */
typedef bool arena_fn(uint32_t map_id, uint64_t *address, uint64_t *size);

enum { MAP_TYPE_ARENA = 33 }; /* newer than some <linux/bpf.h> */

/* Writes one or more lines for each program and map that is not in `before`, sorted by name. */
void facts_write(FILE *out, const struct ids before[KINDS], asked_fn *asked, arena_fn *arena);

/* The name of a program or map, for a message. */
void facts_name(enum kind kind, uint32_t id, char name[16]);

#endif

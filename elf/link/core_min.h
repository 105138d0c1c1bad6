/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Minimal types of a kernel: what CO-RE relocations of some objects look at, of a few hundred bytes instead
 * of millions. With them, the relocations have the same results as with all types: every type that may match is
 * there, and of each the members that a path names, or the whole if it is compared as a whole. Types that only
 * the kernel itself can tell are not: ids of types (TYPE_ID_TARGET), and functions and variables.
 *
 *     struct core_min m;
 *     core_min_begin(&m, kernel_types, &arena);
 *     core_min_add(&m, &object.btf, lists, rec_sizes, n, &err);
 *     struct span blob = core_min_end(&m, &arena, &err);
 */
#ifndef SONDE_CORE_MIN_H
#define SONDE_CORE_MIN_H

#include "elf/btf/kernel_types.h"

struct core_kept;

struct core_min {
	struct kernel_types *kernel; /* borrowed */
	struct arena *arena;
	struct core_kept *kept;
	size_t n, room;
	uint32_t *buckets; /* 1 + the index of the first type of a hash value */
	uint32_t *todo;    /* types whose parts are not kept yet */
	size_t n_todo, todo_room;
	uint32_t relocations;
	bool ids; /* an object refers to ids of types, which the result does not preserve */
	bool failed;
};

/* kernel: of vmlinux and, on demand, of modules, which become part of the same blob. Memory from a. */
void core_min_begin(struct core_min *m, struct kernel_types *kernel, struct arena *a);

/* Adds what the relocations of an object need; as core_new(). False with e set if one is malformed. */
bool core_min_add(struct core_min *m, const struct btf *local, const struct span *records,
	const uint32_t *rec_sizes, size_t n_records, struct err *e);

/* Adds all types of a name and of these kinds, without their parts. */
void core_min_keep(struct core_min *m, uint32_t kinds, const char *name);

/* The result, in the byte order of the kernel; empty with e set on failure. */
struct span core_min_end(struct core_min *m, struct err *e);

#endif

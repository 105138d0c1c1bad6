/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The types of a kernel that objects need, see elf/link/core_min.h. */
#ifndef SONDE_TYPES_MIN_H
#define SONDE_TYPES_MIN_H

#include "loader/kernel/target.h"

struct types_min {
	struct span types;    /* raw BTF */
	size_t all;           /* bytes of the types of vmlinux */
	uint32_t relocations; /* that were taken into account */
	bool ids;             /* some are for ids of types, which are others now */
};

/* Reads n objects, which are not trusted, and the types of t. Memory from a. Fails if an object is
 * malformed, if the kernel has no types, or if no object depends on them. */
bool types_min(struct types_min *r, const char *const *objects, size_t n, struct target *t,
	struct arena *a, struct err *e);

#endif

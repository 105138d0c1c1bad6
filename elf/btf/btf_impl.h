/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared by the files of btf.h:
 *
 *     btf.c        the header, parts of types, sizes, spelling
 *     btf_walk.c   type records: validation, index, iteration
 *     btf_find.c   types by name
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

/* Leaves that pass to the first walk. Only without a base, and for more than BTF_SMALL and at most
 * BTF_LAZY_MAX bytes of types. */
bool btf_open_frontier(struct btf *b, struct arena *a, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Types for the values of devmaps (with a program since 5.8) and cpumaps (5.9), for which the
 * kernel accepts no BTF: a number, and the id of a program or 0. */
#ifndef SONDE_REDIRECT_TYPES_H
#define SONDE_REDIRECT_TYPES_H

#include "elf/btf/btf.h"
#include "map_element.h"

enum { REDIRECT_PROGRAM = 4, REDIRECT_SIZE = 8 }; /* offset of the program in a value, its size */

/* Sets *b, *key and *value to types that describe the elements; false if they have no program, for
 * other maps, or without memory. */
bool redirect_types(const struct map_info *info, struct btf *b, uint32_t *key, uint32_t *value,
	struct arena *a);

#endif

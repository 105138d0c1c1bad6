/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The shape of a map that is pinned beside that of the object's, for a step that has found a difference. */
#ifndef SONDE_MAP_SHAPES_H
#define SONDE_MAP_SHAPES_H

#include "loader/kernel/exec.h"

#include <stdio.h>

/* Prints both as a table if step i has compared two maps that differ. */
void map_shapes_print(const struct exec *x, size_t i, FILE *out);

/* The value of field i of a struct map_comparison: the name of a type, a number. Returns a string, or buf. */
const char *map_shape_text(size_t i, uint64_t value, char buf[static 48]);

#endif

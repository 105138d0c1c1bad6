/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* sonde map create: a map that is pinned, without an object. */
#ifndef SONDE_MAP_CREATE_H
#define SONDE_MAP_CREATE_H

#include "loader/kernel/sys.h"

#include "elf/base/err.h"

/* words: PATH, then pairs of a name (type, key, value, entries, name, flags) and a value. False with e
 * set, and nothing is pinned. */
bool map_create_pinned(char **words, int n, const struct sys_watch *watch, struct err *e);

#endif

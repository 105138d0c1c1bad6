/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The list of all maps in the kernel. */
#ifndef SONDE_MAP_LIST_H
#define SONDE_MAP_LIST_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "loader/kernel/sys.h"

#include <stdio.h>

/* Prints all maps as a table, or as one JSON object each. Requires CAP_SYS_ADMIN (Linux 4.13).
 * False with e set. */
bool maps_list(const struct sys_watch *watch, bool json, FILE *out, struct arena *a, struct err *e);

#endif

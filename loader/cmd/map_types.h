/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Types of a map in the kernel that has none, or other ones than wanted: sonde map --debug, --event. */
#ifndef SONDE_MAP_TYPES_H
#define SONDE_MAP_TYPES_H

#include "loader/kernel/live_map.h"
#include "record_args.h"

/*
 * Sets the types of m, found as those of records (record_args.h): with --debug, those that the object
 * declares for the map, if the kernel has none; with --event, a struct for its values. r is opened; m uses
 * it, and memory of s. which: what the user calls the map. record_args_close() is required, also after a
 * failure.
 */
bool map_types_choose(struct record_args *r, struct live_map *m, const char *which,
	const struct cmd_records *a, struct session *s, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Values that refer to programs and maps. The kernel takes file descriptors and returns ids; text
 * has an id, a pinned path or, for maps, a name.
 */
#ifndef SONDE_MAP_REFERENCE_H
#define SONDE_MAP_REFERENCE_H

#include "live_map.h"

/* Opens what text, which is untrusted, names as the value of a map of programs or of maps.
 * Returns a file descriptor, or -1 with e set. */
int map_reference_open(const struct live_map *m, const char *text, const struct sys_watch *watch,
	struct arena *a, struct err *e);

/* Replaces a path in the text of a value of redirect_types.h, "prog=/sys/fs/bpf/x", by the id of
 * the program. NULL with e set on failure; text itself if there is none. */
const char *map_reference_text(
	const char *text, const struct sys_watch *watch, struct arena *a, struct err *e);

/* Replaces the id in such a value (0: none) by a file descriptor, which is returned; 0 if there is
 * none, -1 with e set on failure. */
int map_reference_in(uint8_t *value, const struct sys_watch *watch, struct err *e);

#endif

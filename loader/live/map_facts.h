/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* All facts about a map in the kernel. */
#ifndef SONDE_MAP_FACTS_H
#define SONDE_MAP_FACTS_H

#include "live.h"
#include "loader/kernel/live_map.h"

/* Prints what the kernel tells about an open map. False with e set. */
bool map_facts(struct live *l, const struct live_map *m, struct err *e);

#endif

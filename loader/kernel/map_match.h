/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Comparing elements of a live map with values in words (loader/value/value.h). */
#ifndef SONDE_MAP_MATCH_H
#define SONDE_MAP_MATCH_H

#include "map_write.h"

enum map_match { MAP_MATCHES, MAP_DIFFERS, MAP_NO_ENTRY };

/*
 * Whether the element with that key has the value; members that it does not name may be anything, and with "" all
 * of it. Values of each CPU are added up, if they are numbers. key, value: untrusted. False with e set if that
 * cannot be told.
 */
bool map_match_element(const struct map_writer *w, const char *key, const char *value,
	enum map_match *match, struct err *e);

#endif

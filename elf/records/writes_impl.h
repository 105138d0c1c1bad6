/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files of writes.h: writes.c collects what is written, map_times.c looks for times in the
 * values of maps. */
#ifndef SONDE_WRITES_IMPL_H
#define SONDE_WRITES_IMPL_H

#include "writes.h"

/* A call of a subprogram with addresses as arguments. */
struct passing {
	uint32_t insn;
	const struct obj_func *from, *to;
	struct value args[5];
};

/* What VALUE_EITHER may be. */
struct alias {
	struct value either, is;
};

/* A word that an update of a map's element writes: a time, or 0. */
struct put {
	uint32_t map;
	int32_t off;
	uint8_t means; /* MEANS_NOTHING: 0 */
};

/* The parts of the lists that are of one function, in the order of instructions. */
struct range {
	uint32_t first_write, end_write, first_passing, end_passing, first_alias, end_alias;
	uint64_t loads; /* as struct flow */
};

struct writes {
	const struct object *o;
	struct arena *arena;
	struct write *items;
	size_t n, room;
	struct passing *passings;
	size_t n_passings, passings_room;
	struct alias *aliases;
	size_t n_aliases, aliases_room;
	struct put *puts;
	size_t n_puts, puts_room;
	uint32_t *updates;    /* by map: calls that update an element */
	struct range *ranges; /* by function */
	bool incomplete;      /* functions were too complex */
	uint64_t steps;       /* left */
};

/* False if no steps are left. */
static inline bool writes_spend(struct writes *w, uint64_t n)
{
	w->steps -= w->steps < n ? w->steps : n;
	return w->steps > 0;
}

/* Whether an address is in the same memory as a place, at a known distance. */
static inline bool writes_same_memory(struct value x, struct value place)
{
	if (x.kind != place.kind || x.id != place.id || !flow_is_place(x))
		return false;
	bool by_place = x.kind == VALUE_EITHER || (x.kind == VALUE_RESULT && !x.id);
	return !by_place || x.at == place.at;
}

/* Notes what a call writes to the values of maps. */
void map_times_see(struct writes *w, struct insn insn, const struct flow_state *s);

/* The times in the values of maps, once all functions have been read: n of them. NULL if memory is
 * exhausted. */
struct flow_time *map_times_find(struct writes *w, size_t *n);

#endif

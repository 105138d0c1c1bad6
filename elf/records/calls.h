/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The calls that send records, and their arguments. */
#ifndef SONDE_CALLS_H
#define SONDE_CALLS_H

#include "flow.h"

enum { CALL_PATHS = 8 };

/* A call that sends a record, or reserves one. */
struct record_call {
	const struct obj_func *func;
	uint32_t map;  /* or the number of maps: the output of iterators */
	uint32_t insn; /* counted from the start of the function */
	bool output;   /* it sends `data`; else its result is the record */
	uint32_t size; /* bytes; 0 unknown */
	struct value data;
	int64_t frame; /* size of the function's stack frame, a multiple of 8 */
	/* With several calls of one instruction: the paths that lead to this one, from instructions
	 * `from` to `join`. n_from 0: all paths. */
	uint8_t n_from;
	uint32_t from[CALL_PATHS], join;
};

struct record_calls {
	struct record_call *items; /* in code order */
	size_t n, room;
};

/* Whether there may be any, in code that may be unreachable. */
bool calls_are_in(const struct object *o);

/* Makes a visitor that adds the calls of each function to a list, which is empty at first. wanted: by map,
 * then whether those of iterators are. Memory from a; false if it is exhausted. */
bool calls_visitor(const bool *wanted, struct arena *a, struct record_calls *calls,
	struct flow_visitor *visitor);

/* Whether the register `where` (with `slot`: the 8 bytes of stack at `where`) holds value v, an address,
 * before an instruction of f. */
bool calls_hold(struct flow *w, const struct obj_func *f, struct value v, uint32_t before,
	bool slot, int64_t where);

#endif

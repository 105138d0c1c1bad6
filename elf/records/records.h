/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the records of a ring buffer (or perf event array) look like.
 *
 * No map definition says it, and BTF often doesn't have the type at all: a program that has only
 *
 *     struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
 *
 * leaves it out, as it is the type of nothing but a local variable. But the code says which map and
 * which size, and the debug information (clang -g, not stripped) which variable the result went to.
 *
 * The calls that send records: bpf_ringbuf_reserve, bpf_ringbuf_output, bpf_perf_event_output,
 * bpf_skb_output, bpf_xdp_output. For each, the first of these that has an answer:
 *
 *   1. what was chosen by name
 *   2. the type of the map element or global variable that is sent: BTF has it
 *   3. the variable that holds the result of the reserve call, or that is sent: its place, as
 *      DWARF tells it, is where the code has the record
 *   4. a variable of that function, pointing to a struct of exactly that size (reserve, output) or
 *      being one (output); one whose block covers the call comes first, the innermost before all
 *   5. a struct of exactly that size that DWARF has from the same source file as the function
 *   6. a struct of exactly that size in BTF; one that a global variable points to comes first,
 *      then one that is the value of a map
 *
 * The types that DWARF alone has are appended to the BTF for showing. Without calls that lack a
 * type, DWARF isn't touched.
 */
#ifndef SONDE_RECORDS_H
#define SONDE_RECORDS_H

#include "elf/object/object.h"

/* "events=event": show the records of map as this type, whatever the code says. */
struct record_choice {
	const char *map;
	const char *type; /* name of a struct, union or typedef, "struct " in front or not */
};

/* How much is behind an answer, from little to much. */
enum record_confidence {
	RECORD_NONE,     /* no answer */
	RECORD_GUESS,    /* it has the right size, and so may others */
	RECORD_ONLY,     /* nothing else in sight has the right size */
	RECORD_EXACT,    /* the record is in a variable of this type */
	RECORD_CHOSEN,   /* by name */
	RECORD_DECLARED, /* the object says it (SONDE_EVENT) */
};

struct record_alternative {
	const char *name;
	uint32_t type; /* id in the BTF for showing when sent, else 0 */
	uint32_t size; /* bytes */
	bool sent; /* another call sends such records to the same map; else: it would also fit */
};

/* What is known about one map. All strings and lists are in the arena that records_find() got. */
struct record_result {
	uint32_t type; /* id in the BTF for showing; 0: none */
	uint32_t size; /* of the type; 0: none */
	enum record_confidence sure;
	const char *name; /* "struct event"; "" for RECORD_NONE */
	struct record_alternative *others;
	size_t n_others;
	uint32_t record;     /* bytes that the code sends; 0: no call, or no constant */
	const char *problem; /* why the debug information was of no use; NULL: it was, or isn't
	                        there */
};

/*
 * btf: the object's types as they are loaded (image.btf; ids as in o->btf), opened. choices: n of
 * them. out: o->n_maps results, by map; those of other maps are empty. *display: the BTF for
 * showing, either btf's own bytes or a longer copy in a.
 * Broken debug information is no failure (see record_result.problem). Fails on a choice of a map
 * that has no records or of a type that is nowhere, and when memory is short.
 */
bool records_find(const struct object *o, const struct btf *btf,
	const struct record_choice *choices, size_t n, struct arena *a, struct record_result *out,
	struct span *display, struct err *e);

/*
 * What to tell people about a map: "map 'events': records shown as struct event, a guess by their
 * size of 32 bytes (also fits: struct foo; choose with --event events=NAME)". NULL when there is
 * nothing to say: the type is sure or given, or the map isn't one of records. In a.
 */
const char *records_describe(const char *map, const struct record_result *r, struct arena *a);

/* Both, for those who may do without: a program that only loads links neither them nor DWARF. */
struct record_finder {
	bool (*find)(const struct object *o, const struct btf *btf,
		const struct record_choice *choices, size_t n, struct arena *a,
		struct record_result *out, struct span *display, struct err *e);
	const char *(*note)(const char *map, const struct record_result *r, struct arena *a);
};
extern const struct record_finder record_finder;

#endif

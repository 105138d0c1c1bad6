/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Between the parts of the search: records_code.c reads instructions, records_dwarf.c variables,
 * records.c decides.
 */
#ifndef SONDE_RECORDS_IMPL_H
#define SONDE_RECORDS_IMPL_H

#include "dwarf.h"
#include "records.h"
#include "elf/base/bpf_abi.h"
#include "elf/base/insn.h"

/* What a register is known to hold. */
enum value_kind {
	VALUE_UNKNOWN,
	VALUE_NUMBER, /* off */
	VALUE_MAP,    /* address of map `id` */
	VALUE_DATA,   /* off bytes behind the start of data section `id`, a map */
	VALUE_STACK,  /* frame pointer + off */
	VALUE_PARAM,  /* argument number id (1 to 5) of the function, + off */
	VALUE_RESULT, /* what the call at instruction `at` returned, + off; id: the map that it
	                 looked into + 1, 0 none */
};

struct value {
	enum value_kind kind;
	uint32_t id, at;
	int64_t off;
};

/* A call that sends a record, or reserves one. */
struct record_call {
	const struct obj_func *func;
	uint32_t map;
	uint32_t insn; /* counted from the start of the function */
	bool output;   /* sends `data`; else its result is the record */
	uint32_t size; /* bytes; 0 unknown */
	struct value data;
	int64_t frame; /* bytes of stack that the function uses: a multiple of 8 */
};

struct record_calls {
	struct record_call *items; /* in the order of functions and their code */
	size_t n, room;
};

/* wanted: by map. */
bool records_find_calls(
	const struct object *o, const bool *wanted, struct arena *a, struct record_calls *calls);

/*
 * Follows a value through straight code: register `reg` holds it before instruction `from` of the
 * function; does register (or, with `slot`, the 8 bytes of stack at) `where` hold it before `to`?
 * Instructions are counted from the start of the function.
 */
bool records_holds(const struct object *o, const struct obj_func *f, uint32_t from, unsigned reg,
	uint32_t to, bool slot, int64_t where);

/* How a type got among the candidates of a call; more is better. */
enum record_rank {
	RANK_NONE,
	RANK_SIZE_BTF,       /* BTF has a struct of that size */
	RANK_SIZE_BTF_VALUE, /* it is the value of a map */
	RANK_SIZE_BTF_VAR,   /* a global variable points to it */
	RANK_SIZE_SOURCE,    /* DWARF has a struct of that size from the same source file */
	RANK_FUNCTION,       /* a variable of the function has (points to) that size */
	RANK_SCOPE,          /* its block covers the call */
	RANK_BEGINS,         /* the record is in a variable of a smaller type */
	RANK_PLACE,          /* the record is in a variable of this type */
};

enum { CANDIDATES = 8 }; /* kept for each call */

struct record_candidate {
	enum record_rank rank;
	unsigned depth; /* of equal rank, the greater is better: depth of blocks, likeness of names
	                 */
	const char *word; /* "struct ", "union ", "enum " or "" */
	const char *name; /* borrowed; "" when it has none */
	uint64_t die;     /* in DWARF; 0: in BTF */
	uint32_t type;    /* in BTF; 0: in DWARF */
	uint64_t size;
};

struct record_candidates {
	struct record_candidate items[CANDIDATES]; /* the best first */
	size_t n;
	bool many; /* there were more */
};

/* Puts a candidate in its place; one of the same name and size keeps the better rank. */
void records_add(struct record_candidates *answer, struct record_candidate c);

/* Whether the name of a type sounds like that of a record: "open_event", or "packet" of "packets".
 */
bool records_alike(const char *map, const char *type);

/* A type that is looked for by name in DWARF. */
struct record_wish {
	const char *name; /* NULL: it has been found elsewhere */
	uint16_t tag;     /* 0: any */
	uint64_t die;     /* found; 0: not yet */
	uint64_t size;    /* of it */
};

/* Looks through all variables and types of the debug information. answers: by call; those that
 * have some of RANK_PLACE already are left alone. False when memory is short. */
bool records_search(struct dwarf *d, const struct object *o, const struct record_calls *calls,
	struct record_candidates *answers, struct record_wish *wishes, size_t n_wishes);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared by the files of records.h: records_dwarf.c searches debug information, records.c selects the
 * result.
 */
#ifndef SONDE_RECORDS_IMPL_H
#define SONDE_RECORDS_IMPL_H

#include "dwarf.h"
#include "layout.h"
#include "records.h"
#include "tags.h"

/* Why a type is a candidate, in increasing order of preference. */
enum record_rank {
	RANK_NONE,
	RANK_SIZE_BTF,       /* a struct of this size in BTF */
	RANK_SIZE_BTF_VALUE, /* it is the value type of a map */
	RANK_SIZE_BTF_VAR,   /* a global variable points to it */
	RANK_SIZE_SOURCE,    /* a struct of this size in DWARF, from the same source file */
	RANK_CODE,           /* inferred from the code, if no other type fits that */
	RANK_FUNCTION,       /* a variable of the function has, or points to, this size */
	RANK_SCOPE,          /* and its scope contains the call */
	RANK_BEGINS,         /* the record starts with a variable of this, smaller type */
	RANK_PLACE,          /* the record is a variable of this type */
};

enum { CANDIDATES = 8 }; /* per call */

struct record_candidate {
	enum record_rank rank;
	unsigned depth;   /* preference within a rank: nesting depth, similarity of names */
	const char *word; /* "struct ", "union ", "enum " or "" */
	const char *name; /* borrowed; "" if it has none */
	uint64_t die;     /* in DWARF; 0: in BTF */
	uint32_t type;    /* in BTF; 0: in DWARF */
	uint64_t size;
	const struct layout *layout; /* RANK_CODE */
};

struct record_candidates {
	struct record_candidate items[CANDIDATES]; /* best first */
	size_t n;
	bool many; /* there are more */
};

/* Inserts a candidate. If there is one with the same name and size, the better rank is kept. */
void records_add(struct record_candidates *list, struct record_candidate c);

/* The name of the map, or of the function that writes for an iterator. */
const char *records_owner(const struct object *o, const struct record_call *c);

/* Whether the name of a type suggests records of a map or function: "open_event", or "packet" of "packets". */
bool records_alike(const char *map, const char *type);

/* A type to find in DWARF by name. */
struct record_wish {
	const char *name; /* NULL: found in BTF */
	uint16_t tag;     /* 0: any */
	uint64_t die;     /* the result, 0: not found */
	uint64_t size;    /* of it */
};

/* Searches all variables and types of the debug information. found: by call; skipped if they have a
 * candidate of RANK_PLACE already. False if memory is exhausted. */
bool records_search(struct dwarf *d, const struct object *o, const struct record_calls *calls,
	struct record_candidates *found, struct record_wish *wishes, size_t n_wishes);

#endif

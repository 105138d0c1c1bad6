/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared by the files of records.h: records_dwarf.c searches debug information, records.c selects the
 * result.
 */
#ifndef SONDE_RECORDS_IMPL_H
#define SONDE_RECORDS_IMPL_H

#include "dwarf.h"
#include "elf/btf/btf_append.h"
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

bool records_is_iterator(const struct obj_func *f);

/* A type to find by name. */
struct record_wish {
	const char *name; /* NULL: found */
	uint16_t tag;     /* 0: any; that of the type, once it is found */
	uint64_t die;     /* the result, 0: not found */
	uint64_t size;    /* of it */
};

/* A DWARF type that was converted to BTF. */
struct converted {
	uint64_t die;
	uint32_t id; /* 0: conversion failed */
};

struct finder {
	const struct object *o;
	const struct record_sources *from;
	const struct btf *btf;
	struct arena *arena, *scratch; /* for results; for temporary data */
	struct record_result *out;     /* by map, then by function */
	bool *wanted;                  /* by map, then whether those of iterators are */
	struct record_calls calls;
	struct record_candidates *found; /* by call */
	struct record_tag *tags;         /* by call */
	struct writes *writes;           /* NULL if there are no calls */
	struct record_wish *wishes;      /* by choice */
	struct dwarf dwarf;
	bool has_dwarf;
	struct btf_append append;
	struct converted *converted;
	size_t n_converted, converted_room;
	struct err *e;
};

/* Searches all variables and types of the debug information. found: by call; skipped if they have a
 * candidate of RANK_PLACE already. False if memory is exhausted. */
bool records_search(struct dwarf *d, const struct object *o, const struct record_calls *calls,
	struct record_candidates *found, struct record_wish *wishes, size_t n_wishes);

/* Sets a result to a type of f->btf. */
void records_set(struct finder *f, struct record_result *r, enum record_confidence confidence,
	uint32_t type);

/* Converts a type of f->dwarf to BTF; 0 on failure. */
uint32_t records_convert(struct finder *f, uint64_t die);

/* ---- records_choice.c: types that the user specifies ---- */

/* Splits "struct NAME" into name and required tag, 0: any. */
const char *records_split(const char *type, uint16_t *tag);

/* Sets the results of choices whose type is in record_sources.types or in BTF, and f->wishes for
 * others. */
bool records_read_choices(struct finder *f);

/* Refuses types for iterators that write no records, once the code has been read. */
bool records_check_choices(struct finder *f);

/* Sets the results of those, once debug information has been searched. */
bool records_resolve_choices(struct finder *f);

/* ---- records_twin.c ---- */

/* The calls of f in the twin of the object. Fails if it is none. */
bool records_calls_in_twin(struct finder *f, struct record_calls *calls);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Determines the types of the records in ring buffers and perf event arrays, and of those that
 * iterators write.
 *
 * Map definitions do not contain this type, and often BTF does not either: in a program with
 *
 *     struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
 *
 * only a local variable has the type, and compilers omit local variables from BTF. But the code
 * contains the map and the size, and the debug information (clang -g, not stripped) the variable
 * that receives the result.
 *
 * The calls that send records are bpf_ringbuf_reserve, bpf_ringbuf_output, bpf_perf_event_output,
 * bpf_skb_output, bpf_xdp_output, bpf_map_push_elem and bpf_seq_write. For each, the first of these
 * rules that yields a type applies:
 *
 *   1. the type specified by the user
 *   2. the type of the map element or global variable that is sent, from BTF
 *   3. the variable whose location, according to DWARF, is that of the record: the result of the
 *      reserve call, or the data that is sent
 *   4. a variable of the function that points to a struct of exactly this size (reserve, output) or
 *      has this type (output); variables in a scope that contains the call first, innermost first
 *   5. a struct of exactly this size in DWARF from the same source file as the function
 *   6. the only struct of this size in BTF with the fields, and their names, that the code and its
 *      source lines tell
 *   7. a struct of exactly this size in BTF, if it fits what the code stores; first one that a global
 *      variable points to, then one that is the value type of a map
 *   8. the layout that the code tells: what it stores where, named by the source lines of .BTF.ext
 *      (layout.h). The name of such a struct ends in "~", which no name in C does; names of members
 *      that are not certain end in "?".
 *
 * Records of one map that have different types are told apart by their sizes and, if these are equal, by
 * a constant at one offset (tags.h).
 *
 * The output of an iterator has no borders. It is a sequence of records only if all that the program
 * writes are bpf_seq_write() of one constant size. With constants (string literals), text
 * (bpf_seq_printf) or records of several sizes, it is text.
 *
 * Types that only DWARF contains, or the code tells, are appended to the BTF for display. DWARF is only
 * read if the type of a call is unknown otherwise. Types whose members have a meaning that the code
 * tells are copies with tags (contents.h).
 */
#ifndef SONDE_RECORDS_H
#define SONDE_RECORDS_H

#include "elf/object/object.h"
#include "elf/btf/kernel_types.h"
#include "tags.h"
#include "type_file.h"

/* "events=event": the user specifies the type of the records of a map or iterator. */
struct record_choice {
	const char *map;  /* or program */
	const char *type; /* name of a struct, union or typedef, with or without "struct " */
};

/*
 * What the user says about records, and where types are to be found besides the object. Everything is
 * borrowed. The type of a choice is looked up in this order:
 *
 *   1. in `types`
 *   2. in the object's BTF
 *   3. in the debug information of the object, or that of its twin if there is one
 *   4. in the types of the kernel, then of its modules
 */
struct record_sources {
	const struct record_choice *choices;
	size_t n_choices;
	const struct type_file *types; /* or NULL */
	/* The object as it was before it was stripped, whose debug information is used as if it was
	 * the object's own; or NULL. */
	const struct object *twin;
	bool *twin_told; /* set to true if it has told the type of a record; may be NULL */
	/* The types of the kernel, read on demand; as target_types(). NULL: there are none. */
	struct kernel_types *(*kernel)(void *ctx, struct err *e);
	void *ctx;
};

/* How reliable a result is, in increasing order. */
enum record_confidence {
	RECORD_NONE,     /* unknown */
	RECORD_CODE,     /* inferred from the code */
	RECORD_GUESS,    /* it has the right size, but others may have it, too */
	RECORD_ONLY,     /* the only candidate with the right size */
	RECORD_EXACT,    /* the record is in a variable of this type */
	RECORD_CHOSEN,   /* specified by the user */
	RECORD_DECLARED, /* declared in the object: SONDE_EVENT, or the type of the map's values */
};

/* Where a type comes from. */
enum record_origin {
	ORIGIN_NONE,
	ORIGIN_BTF,
	ORIGIN_DWARF, /* of the object, or of its twin */
	ORIGIN_CODE,
	ORIGIN_FILE, /* record_sources.types */
	ORIGIN_KERNEL,
};

/* One of several types of records in a map. */
struct record_kind {
	uint32_t type, size;
	struct record_tag tag;
};

struct layout;

struct record_alternative {
	const char *name;
	uint32_t type; /* id in the BTF for display if sent, else 0 */
	uint32_t size; /* bytes */
	bool sent;     /* another call sends such records to the map; else: another candidate */
	const struct layout *layout; /* inferred from the code, or NULL */
};

/* The result for one map or program. Strings and lists are allocated from the arena of records_find(). */
struct record_result {
	uint32_t type; /* id in the BTF for display, 0: none */
	uint32_t size; /* of the type, 0: none */
	enum record_confidence confidence;
	const char *name; /* "struct event"; "" for RECORD_NONE */
	struct record_alternative *others;
	size_t n_others;
	struct record_kind *kinds; /* of a map with several types: all of them, else none */
	size_t n_kinds;
	enum record_origin origin;
	const char *file; /* ORIGIN_FILE, and ORIGIN_DWARF of a twin: its path, else NULL */
	const struct layout *layout; /* RECORD_CODE: its fields (layout.h), else NULL */
	uint32_t record;     /* bytes that the code sends; 0: unknown, or an iterator's are text */
	bool iterator;       /* these are records of a program */
	const char *problem; /* why the debug information is not usable, or NULL */
};

/* Whether programs send records through a map: a ring buffer, a perf event array, or a queue or stack
 * whose values have no type. */
bool records_in(const struct obj_map *m);

/*
 * btf: the BTF of the linked image (ids as in o->btf). from: NULL: the object alone. out: o->n_maps
 * results by map, and o->n_funcs by function; those of other maps and functions are empty. *display:
 * the BTF for display, either the bytes of btf or a longer copy allocated from a.
 * Malformed debug information is not a failure (see record_result.problem). Fails on choices with an
 * unknown type or a map without records, on a twin that is another object, if types of the kernel are
 * required and unusable, and if memory is exhausted.
 */
bool records_find(const struct object *o, const struct btf *btf, const struct record_sources *from,
	struct arena *a, struct record_result *out, struct span *display, struct err *e);

/*
 * Describes an uncertain result: "map 'events': records shown as struct event, guessed by size (also
 * matches: struct foo; select with --event events=NAME)". NULL if the type is certain or the map has
 * no records. Allocated from a.
 */
const char *records_describe(const char *map, const struct record_result *r, struct arena *a);

/* Both functions, for optional use: programs that only load do not link them. */
struct record_finder {
	bool (*find)(const struct object *o, const struct btf *btf,
		const struct record_sources *from, struct arena *a, struct record_result *out,
		struct span *display, struct err *e);
	const char *(*note)(const char *map, const struct record_result *r, struct arena *a);
};
extern const struct record_finder record_finder;

#endif

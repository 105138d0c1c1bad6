/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared by the files of core.h:
 *
 *     core_spec.c     from access strings to paths (specs), and from paths to values
 *     core_match.c    matching of local types and paths against kernel types
 *     core_patch.c    writing values into instructions
 *     core_explain.c    what it all came to, in words
 *     core.c          the order of things
 *     core_find.c     candidates for root types, found in one scan
 *     core_min.c      the types that relocations look at
 */
#ifndef SONDE_CORE_IMPL_H
#define SONDE_CORE_IMPL_H

#include "core.h"

enum {
	CORE_LEVELS = 64,      /* steps of a path, including anonymous members */
	CORE_BUDGET = 1 << 18, /* parts of types visited for one match: limits hostile BTF */
};

/* One step of a path as written in C: ".name" or "[index]". */
struct core_step {
	const char *name; /* of a member or enumerator; NULL: an index */
	uint32_t type;    /* the struct (or enum) with the member; the type of the array element */
	uint32_t idx;
};

/*
 * A path from a root type to a field, in one BTF. Step 0 is the index applied to the pointer to the
 * root, usually 0; for enumerators it is the enumerator.
 */
struct core_spec {
	const struct btf *btf;
	uint32_t root;
	enum core_kind kind;
	uint64_t bit_off; /* from the root */
	unsigned raw;     /* steps, including anonymous members */
	unsigned n;
	struct core_step step[CORE_LEVELS];
};

/* The value of a relocation in one BTF. */
struct core_value {
	uint64_t value;
	uint32_t size; /* bytes moved by a load of the field; 0 if the size must not be changed */
	uint32_t type; /* of the loaded value */
	bool checked;  /* the instruction must contain the local value */
	bool poison;   /* there is no value */
};

/* Why a type of the kernel does not match. */
enum core_misfit {
	CORE_FITS,
	CORE_NO_MEMBER,     /* type at has no member (enumerator) with this name */
	CORE_OTHER_TYPE,    /* the member has an incompatible type, got */
	CORE_NO_COMPOSITE,  /* at is not a struct or union */
	CORE_NO_ARRAY,      /* at is not an array */
	CORE_OUT_OF_BOUNDS, /* the array at is too short */
	CORE_INCOMPATIBLE,  /* the types are incompatible */
};

struct core_match {
	enum core_misfit misfit;
	unsigned step; /* of the local path that failed */
	uint32_t at, got;
};

/* A type of the kernel that may correspond to a root. */
struct core_cand {
	uint32_t target; /* index in kernel_types.list */
	uint32_t id;
};

/* The root type of relocations. */
struct core_root {
	uint32_t id;
	uint32_t next;    /* in the hash chain: index + 1 */
	const char *name; /* borrowed from the local BTF; "": no candidates */
	uint32_t len;     /* of the essential name */
	uint8_t kind;
	bool suggested;
	const char *suggestion; /* similar names of kernel types, NULL or ""; valid if suggested */
	struct core_cand *cands;
	size_t n_cands, cap;
};

/* The agreed result of all matching candidates. */
struct core_found {
	struct core_value value;
	const struct btf *btf; /* NULL: no match */
	uint64_t bit_off;
	uint32_t target, id;
};

/* A relocation resolved, for all instructions with the same one. */
struct core_memo {
	uint32_t type_id, access_off, kind; /* of struct core_relo */
	uint32_t next;                      /* in the hash chain: index + 1 */
	uint32_t type;                      /* of the first step of the local path */
	size_t n_cands; /* of the root; others were dropped since if it has less */
	struct core_value local;
	struct core_found found;
};

enum { CORE_MEMOS = 4096 }; /* more different relocations begin anew */

struct core {
	const struct btf *local;
	struct kernel_types *kernel;
	struct core_root *roots; /* sorted by id */
	size_t n_roots;
	struct core_memo *memos;
	uint32_t n_memos, memo_room;
	uint32_t *buckets, mask; /* 1 + the index of the first memo of each hash chain */
	bool describe;           /* all results */
	struct arena *arena;
};

/* Collects the root types of all relocations and finds their candidates. */
bool core_find_roots(struct core *c, const struct span *records, const uint32_t *rec_sizes,
	size_t n_records, struct err *e);

/* The root with this id, NULL if there is none. */
struct core_root *core_root_of(struct core *c, uint32_t id);

/* Adds a root that was not in the records, which requires a separate scan. NULL with e set on
 * failure. */
struct core_root *core_add_root(struct core *c, uint32_t id, struct err *e);

bool core_is_field(enum core_kind kind);
bool core_is_enum(enum core_kind kind);

/* Whether CO-RE treats two kinds as equal: ENUM and ENUM64, and each kind and itself. */
bool core_same_kind(unsigned a, unsigned b);
uint32_t core_kind_set(unsigned kind); /* for btf_next_in() */

bool core_same_name(const char *a, const char *b);

/* An empty path. The steps, a kilobyte, remain uninitialised. */
void core_spec_begin(struct core_spec *s, const struct btf *b, uint32_t root, enum core_kind kind);

bool core_spec_parse(struct core_spec *s, const struct btf *b, uint32_t root, const char *access,
	enum core_kind kind, struct err *e);

/* Adds idx elements of type t to the offset. False with e set if it exceeds 2 GB. */
bool core_spec_index(struct core_spec *s, uint32_t idx, const struct btf_type *t, struct err *e);

/* Whether array t, the type of the last step, is a flexible array member. */
bool core_is_flex(const struct core_spec *s, const struct btf_type *t);

/* Determines a value. s NULL: no match. big: byte order of the object. */
bool core_value(const struct core_spec *s, enum core_kind kind, bool big, struct core_value *v,
	struct err *e);

/* Matches the local path in type id of a target; m->misfit is CORE_FITS if it matches. False with e
 * set only if the BTF is malformed or too complex. */
bool core_match(const struct core_spec *local, const struct btf *target, uint32_t id,
	struct core_spec *s, struct core_match *m, struct err *e);

/* Writes a value into instruction idx. extends: loads can extend the sign. *resize_poison: the size of the
 * field differs in a way that a load cannot be adjusted to, and the instruction was poisoned. */
bool core_patch(const struct core_value *local, const struct core_value *target,
	const struct btf *local_btf, const struct btf *target_btf, uint8_t *insns, size_t n,
	size_t idx, bool big, bool extends, bool *resize_poison, struct err *e);

/* The 64-bit constant of instruction idx; false if it is another instruction. */
bool core_wide_get(const uint8_t *insns, size_t n, size_t idx, bool big, uint64_t *value);

void core_describe(const struct core_spec *s, char *buf, size_t size);

/* Names that are suggested for a relocation without a match that poisons: of types, or of parts of a type,
 * which is returned then. near->n is 0 for others. */
struct suggestion;
struct core_cand core_similar(struct core *c, const struct core_root *root,
	const struct core_spec *local, struct suggestion *near);
void core_explain_absent(struct core *c, struct core_root *root, const struct core_spec *local,
	bool suggest, struct core_result *result);
void core_explain_resized(const struct btf *local, const struct core_value *l,
	const struct btf *target, const struct core_value *t, struct core_result *result);

#endif

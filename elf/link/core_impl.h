/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the files of CO-RE share; nobody else includes it.
 *
 *     core_spec.c    an access string becomes a path (spec); a path becomes a value
 *     core_match.c   which types of the kernel a local type may be, and the same path there
 *     core_patch.c   a value becomes an instruction
 *     core_explain.c    what it all came to, in words
 *     core.c         the order of things, candidates found in one scan
 */
#ifndef SONDE_CORE_IMPL_H
#define SONDE_CORE_IMPL_H

#include "core.h"

enum {
	CORE_LEVELS = 64,      /* steps of a path, anonymous members included */
	CORE_BUDGET = 1 << 18, /* parts of types looked at for one match: bounds hostile BTF */
};

/* One step of a path that a person would write: ".name" or "[index]". */
struct core_step {
	const char *name; /* of a member or enumerator; NULL: an index */
	uint32_t type;    /* the struct (enum) that has the member; the element that is indexed */
	uint32_t idx;
};

/*
 * A path from a root type to a field, in the types of one BTF. Step 0 is the index that the pointer
 * to the root is given, nearly always 0; for an enumerator it is the enumerator.
 */
struct core_spec {
	const struct btf *btf;
	uint32_t root;
	enum core_kind kind;
	uint64_t bit_off; /* from the root */
	unsigned raw;     /* steps including those through anonymous members */
	unsigned n;
	struct core_step step[CORE_LEVELS];
};

/* The answer of one BTF to a question. */
struct core_value {
	uint64_t value;
	uint32_t size; /* bytes that a load of the field moves; 0 where it may not be changed */
	uint32_t type; /* of what is loaded */
	bool checked;  /* the compiler's instruction must hold the local value */
	bool poison;   /* there is no answer */
};

/* Why a type of the kernel doesn't fit. */
enum core_misfit {
	CORE_FITS,
	CORE_NO_MEMBER,     /* type at has no member (enumerator) of that name */
	CORE_OTHER_TYPE,    /* the member is there and of another type, got */
	CORE_NO_COMPOSITE,  /* at should have members and has none */
	CORE_NO_ARRAY,      /* at should be an array */
	CORE_OUT_OF_BOUNDS, /* the array at is shorter */
	CORE_INCOMPATIBLE,  /* the whole types differ */
};

struct core_match {
	enum core_misfit misfit;
	unsigned step; /* of the local path that found nothing */
	uint32_t at, got;
};

/* A type of the kernel that a root may be. */
struct core_cand {
	uint32_t target; /* index into the targets */
	uint32_t id;
};

/* A local type that relocations start from. */
struct core_root {
	uint32_t id;
	uint32_t next;    /* in the hash chain: index + 1 */
	const char *name; /* borrowed from the local BTF; "" never has candidates */
	uint32_t len;     /* of the essential part of the name */
	uint8_t kind;
	bool suggested;
	const char *suggestion; /* name of the kernel most like ours, "" if none, once asked for */
	struct core_cand *cands;
	size_t n_cands, cap;
};

struct core {
	const struct btf *local;
	struct kernel_types *kernel;
	struct core_root *roots; /* sorted by id */
	size_t n_roots;
	struct arena *arena;
};

bool core_is_field(enum core_kind kind);
bool core_is_enum(enum core_kind kind);

/* Kinds that are one kind in CO-RE: ENUM and ENUM64, and every kind with itself. */
bool core_same_kind(unsigned a, unsigned b);
uint32_t core_kind_set(unsigned kind); /* for btf_next_in() */

bool core_same_name(const char *a, const char *b);

bool core_spec_parse(struct core_spec *s, const struct btf *b, uint32_t root, const char *access,
	enum core_kind kind, struct err *e);

/* Adds idx elements of the given type to the offset. False with e when that gets absurdly far. */
bool core_spec_index(struct core_spec *s, uint32_t idx, uint32_t type, struct err *e);

/* True when array t, found behind the last step, has no bound: it ends its named struct. */
bool core_is_flex(const struct core_spec *s, const struct btf_type *t);

/* s NULL: nothing was found. big: byte order of the machine that the object is for. */
bool core_value(const struct core_spec *s, enum core_kind kind, bool big, struct core_value *v,
	struct err *e);

/* Walks the local path in type id of a target. False with e only when BTF is hostile or broken;
 * m->misfit says whether it fits. */
bool core_match(const struct core_spec *local, const struct btf *target, uint32_t id,
	struct core_spec *s, struct core_match *m, struct err *e);

/* Writes a value into instruction idx. *resize_poison: the field's size changed in a way that a
 * load can't follow, and the instruction was made poison. */
bool core_patch(const struct core_value *local, const struct core_value *target,
	const struct btf *local_btf, const struct btf *target_btf, uint8_t *insns, size_t n,
	size_t idx, bool big, bool *resize_poison, struct err *e);

/* The 64-bit constant of instruction idx; false when it isn't one. */
bool core_wide_get(const uint8_t *insns, size_t n, size_t idx, bool big, uint64_t *value);

void core_describe(const struct core_spec *s, char *buf, size_t size);
void core_explain_absent(struct core *c, struct core_root *root, const struct core_spec *local,
	bool nearest, struct core_result *note);
void core_explain_resized(const struct btf *local, const struct core_value *l,
	const struct btf *target, const struct core_value *t, struct core_result *note);

#endif

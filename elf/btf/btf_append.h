/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Appends types to a BTF blob. Existing ids and string offsets remain valid.
 *
 *     struct btf_append b;
 *     btf_append_begin(&b, &btf, arena);
 *     uint32_t u32 = btf_append_int(&b, "unsigned int", 4, 0);
 *     uint32_t s = btf_append_type(&b, BTF_STRUCT, "pair", 2, false, 8);
 *     btf_append_member(&b, "a", u32, 0);
 *     btf_append_member(&b, "b", u32, 32);
 *     struct span blob = btf_append_end(&b, arena, &err);
 *
 * Parts (members, enumerators) belong to the last type. Failures (no memory, limits of BTF) are
 * sticky: ids are 0 then, and btf_append_end() reports the error.
 */
#ifndef SONDE_BTF_APPEND_H
#define SONDE_BTF_APPEND_H

#include "btf.h"

/* A growing buffer. */
struct btf_bytes {
	uint8_t *p;
	size_t n, room;
};

struct btf_append {
	const struct btf *base; /* borrowed; not split BTF */
	struct arena *arena;    /* for temporary data */
	struct btf_bytes types, strings;
	uint32_t next;  /* id */
	uint32_t index; /* the type of array indices, 0 if not needed yet */
	bool failed;
};

/* BTF without types, as the base of others; a static constant. */
struct span btf_empty(bool big);

void btf_append_begin(struct btf_append *b, const struct btf *base, struct arena *a);

/* Appends a record of 12 bytes; word: size or type. Returns its id. Names are truncated to 255 bytes. */
uint32_t btf_append_type(struct btf_append *b, enum btf_kind kind, const char *name, uint32_t vlen,
	bool kflag, uint32_t word);
uint32_t btf_append_int(struct btf_append *b, const char *name, uint32_t size, unsigned encoding);
/* A copy of an INT of any BTF, also of one that is a bit-field. */
uint32_t btf_append_int_like(struct btf_append *b, const struct btf_type *t);
uint32_t btf_append_array(struct btf_append *b, uint32_t element, uint32_t n);
/* place: the offset in bits; if the type has kflag, | size of the bit-field << 24. */
void btf_append_member(struct btf_append *b, const char *name, uint32_t type, uint32_t place);
/* wide: for an ENUM64, else for an ENUM. */
void btf_append_enumerator(struct btf_append *b, const char *name, uint64_t value, bool wide);

/* A parameter without a name. */
void btf_append_param(struct btf_append *b, uint32_t type);

/* A declaration tag of a type or, if member is not negative, of its member. */
void btf_append_decl_tag(struct btf_append *b, const char *tag, uint32_t type, int32_t member);

/* A state that can be restored. */
struct btf_append_mark {
	size_t types, strings;
	uint32_t next;
};
struct btf_append_mark btf_append_mark(const struct btf_append *b);
void btf_append_undo(struct btf_append *b, struct btf_append_mark m);

/*
 * Finds a type in the base by kind, name and size (in bytes; for a TYPEDEF that of the type it names;
 * ignored for FWD). Returns its id, 0 if there is none or the name is "".
 */
uint32_t btf_append_find(
	const struct btf_append *b, enum btf_kind kind, const char *name, uint64_t size);

/*
 * Copies a type of another BTF (btf_copy.c), of either byte order, and all types that it contains; of
 * structs that it points to, only the names. Returns the id, or 0, with nothing added, if the type is
 * malformed, too large or has no values (a function, void).
 */
uint32_t btf_append_copy(struct btf_append *b, const struct btf *from, uint32_t type);

/* The result, allocated from a; the bytes of the base if nothing was added. An empty span with e set
 * on failure. */
struct span btf_append_end(struct btf_append *b, struct arena *a, struct err *e);

#endif

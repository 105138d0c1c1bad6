/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Adds types to a BTF blob: the ids and strings that it has stay what they are, so that everything
 * that refers to it goes on to fit.
 *
 *     struct btf_append b;
 *     btf_append_begin(&b, &btf, arena);
 *     uint32_t u32 = btf_append_int(&b, "unsigned int", 4, 0);
 *     uint32_t s = btf_append_type(&b, BTF_STRUCT, "pair", 2, false, 8);
 *     btf_append_member(&b, "a", u32, 0);
 *     btf_append_member(&b, "b", u32, 32);
 *     struct span blob = btf_append_end(&b, arena, &err);
 *
 * Parts (members, enumerators) belong to the newest type. The first failure (memory, more than BTF
 * can count) is kept: ids are 0 then, and the end reports it.
 */
#ifndef SONDE_BTF_APPEND_H
#define SONDE_BTF_APPEND_H

#include "btf.h"

/* Bytes that grow. */
struct btf_bytes {
	uint8_t *p;
	size_t n, room;
};

struct btf_append {
	const struct btf *base; /* borrowed; not a split one */
	struct arena *arena;    /* for what grows */
	struct btf_bytes types, strings;
	uint32_t next;  /* id */
	uint32_t index; /* the type of array indices, 0 until one is needed */
	bool failed;
};

void btf_append_begin(struct btf_append *b, const struct btf *base, struct arena *a);

/* A record of 12 bytes; word: size or type. Returns its id. A name longer than 255 bytes is cut. */
uint32_t btf_append_type(struct btf_append *b, enum btf_kind kind, const char *name, uint32_t vlen,
	bool kflag, uint32_t word);
uint32_t btf_append_int(struct btf_append *b, const char *name, uint32_t size, unsigned encoding);
uint32_t btf_append_array(struct btf_append *b, uint32_t element, uint32_t n);
/* place: the offset in bits, with kflag of the type also the size of a bit-field << 24. */
void btf_append_member(struct btf_append *b, const char *name, uint32_t type, uint32_t place);
/* Of an ENUM64 when wide, else of an ENUM. */
void btf_append_enumerator(struct btf_append *b, const char *name, uint64_t value, bool wide);

/* The state at some time, to go back to. */
struct btf_append_mark {
	size_t types, strings;
	uint32_t next;
};
struct btf_append_mark btf_append_mark(const struct btf_append *b);
void btf_append_undo(struct btf_append *b, struct btf_append_mark m);

/*
 * The id of a type of the base of this kind, name and size (bytes; for a TYPEDEF of what it stands
 * for; ignored for FWD), 0 when there is none or the name is "".
 */
uint32_t btf_append_known(
	const struct btf_append *b, enum btf_kind kind, const char *name, uint64_t size);

/* The whole, in a: the base's own bytes when nothing was added. An empty span with e set on
 * failure.
 */
struct span btf_append_end(struct btf_append *b, struct arena *a, struct err *e);

#endif

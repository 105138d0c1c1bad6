/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Builds BTF for tests, type by type, in either byte order.
 *
 *     struct bb b;
 *     bb_init(&b, big);
 *     uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED);
 *     uint32_t s = bb_struct(&b, "pair", 8);
 *     bb_member(&b, "a", i, 0);
 *     bb_member(&b, "b", i, 32);
 *     bb_open(&b, NULL, &btf);
 *     ...
 *     bb_free(&b);
 *
 * Parts (members, enumerators, parameters, variables) are added to the newest type. The returned
 * blob is exactly as long as the BTF, so that a sanitizer detects reads past its end.
 */
#ifndef BTF_BUILD_H
#define BTF_BUILD_H

#include "elf/btf/btf.h"

enum { BB_TYPES = 1 << 20, BB_STRINGS = 1 << 16, BB_BLOBS = 64 };

struct bb {
	bool big;
	uint32_t first, n;           /* id of the first type, number of types */
	uint32_t first_string;       /* offset of this blob's strings, 0 unless split */
	uint32_t n_types, n_strings; /* bytes */
	uint32_t newest;             /* offset of the newest record */
	uint8_t *types, *strings;
	uint8_t layout[256]; /* entries of the layout section */
	uint32_t n_layout;
	uint8_t *blobs[BB_BLOBS]; /* all returned blobs */
	unsigned n_blobs;
	struct arena arena;
};

void bb_init(struct bb *b, bool big);
void bb_split(struct bb *b, const struct btf *base); /* like bb_init(), continues base */
void bb_free(struct bb *b);

uint32_t bb_string(struct bb *b, const char *s); /* returns its offset; 0 for "" */
void bb_word(struct bb *b, uint32_t word);       /* raw bytes after the newest type */

/* Adds a record of any kind without its tail, on which the following are based. Returns the id. */
uint32_t bb_type(
	struct bb *b, unsigned kind, const char *name, uint32_t vlen, bool kflag, uint32_t word);

uint32_t bb_int(struct bb *b, const char *name, uint32_t size, unsigned encoding);
uint32_t bb_ptr(struct bb *b, uint32_t type);
uint32_t bb_ref(struct bb *b, enum btf_kind kind, const char *name, uint32_t type);
uint32_t bb_array(struct bb *b, uint32_t type, uint32_t n);
uint32_t bb_struct(struct bb *b, const char *name, uint32_t size);
uint32_t bb_union(struct bb *b, const char *name, uint32_t size);
void bb_member(struct bb *b, const char *name, uint32_t type, uint32_t bit_off);
void bb_bits(struct bb *b, const char *name, uint32_t type, uint32_t bit_off, unsigned bits);
uint32_t bb_enum(struct bb *b, const char *name, uint32_t size, bool is_signed);
uint32_t bb_enum64(struct bb *b, const char *name, bool is_signed);
void bb_value(struct bb *b, const char *name, int64_t value);
uint32_t bb_fwd(struct bb *b, const char *name, bool is_union);
uint32_t bb_proto(struct bb *b, uint32_t returns);
void bb_param(struct bb *b, const char *name, uint32_t type);
uint32_t bb_func(struct bb *b, const char *name, uint32_t proto, unsigned linkage);
uint32_t bb_var(struct bb *b, const char *name, uint32_t type, unsigned linkage);
uint32_t bb_datasec(struct bb *b, const char *name, uint32_t size);
void bb_secinfo(struct bb *b, uint32_t var, uint32_t offset, uint32_t size);
uint32_t bb_decl_tag(struct bb *b, const char *name, uint32_t type, int32_t component);
void bb_layout(struct bb *b, unsigned kind, uint8_t fixed, uint8_t each);

/* The finished blob; valid until bb_free(). Building may continue. */
struct span bb_done(struct bb *b);

/* Opens the finished blob; on failure the test fails. */
void bb_open(struct bb *b, const struct btf *base, struct btf *btf);

/* Reads every part of every type, also with invalid ids and indices, for broken BTF: the sanitizer
 * detects errors. Returns a sum of all values, so that no read is optimised away. */
uint64_t bb_walk(const struct btf *btf);

/* A reproducible random number; any initial state is valid. */
uint32_t bb_random(uint64_t *state);

#endif

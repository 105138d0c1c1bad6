/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement typed.h. */
#ifndef SONDE_TYPED_IMPL_H
#define SONDE_TYPED_IMPL_H

#include "typed.h"

enum {
	TYPED_TEXT_NODES = 4096, /* values and members on one line of text */
	TYPED_SYMBOL = 600,      /* size of a symbol with module and offset */
	TYPED_FLAGS = 256,       /* size of names of flags; more are shown as a number */
};

/* A walk over one value, writing to o or j. */
struct typed_walk {
	const struct btf *b;
	struct span rec;
	struct typed_out *o;
	struct json *j;
	uint64_t nodes; /* remaining budget: bounds the work for nested and recursive types */
};

/* Spends one node; false if none is left or the output is full. */
bool typed_spend(struct typed_walk *w);

/* Elements of an array: as declared, or, if open, as many as fit in the rest of the record. */
uint64_t typed_array_len(const struct typed_walk *w, const struct typed_shape *s,
	struct typed_field f, uint64_t size);

/* The bytes of a string up to the first NUL. *missing: it starts outside of the record. */
struct span typed_string(const struct typed_walk *w, const struct typed_shape *s,
	struct typed_field f, bool *missing);

/* The text of a number or address that text and JSON share; false if it is of another kind or not
 * inside of the record. */
bool typed_scalar_text(
	const struct typed_shape *s, struct typed_field f, struct span rec, char buf[static 64]);

/* The shortest decimal that reads back as the same value. False if it is not finite, or not there:
 * then buf is "". */
bool typed_float_text(
	const struct typed_shape *s, struct typed_field f, struct span rec, char buf[static 64]);

/* The name of a kernel or user address; false for other kinds, or if unknown. */
bool typed_address_name(const struct typed_walk *w, const struct typed_shape *s, uint64_t v,
	char *buf, size_t size);

/* Frame i of a stack: of the id, or the array, in a field; NULL if there is none. */
const char *typed_frame(
	const struct typed_walk *w, const struct typed_shape *s, struct typed_field f, size_t i);

/* Whether frames of such an array have names. */
bool typed_is_trace(const struct typed_walk *w, const struct typed_shape *s);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Structure from the bytes of an input: flips of bits in BTF mostly make it invalid, whereas every
 * sequence of bytes here makes valid types. */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include "loader/value/typed_shape.h"

#include "../unit/btf_build.h"

/* The rest of an input. */
struct input {
	const uint8_t *p;
	size_t n;
};

/* The next bytes; zeros after the end. */
uint8_t take_byte(struct input *in);
uint16_t take_word(struct input *in);

/* At most n bytes. */
struct span take_span(struct input *in, size_t n);

/* Builds up to 25 types with names that have a meaning for viewers, among them types that contain
 * themselves, members that overlap or lie outside, and sections. Opens them in *btf, with meanings
 * read. names: for addresses, or NULL. */
struct types {
	struct bb builder;
	struct btf btf;
	struct btf_meanings meanings;
};
void types_build(struct types *t, struct input *in, const struct address_names *names);
void types_free(struct types *t);

#endif

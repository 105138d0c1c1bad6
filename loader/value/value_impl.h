/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement value.h. */
#ifndef SONDE_VALUE_IMPL_H
#define SONDE_VALUE_IMPL_H

#include "typed_shape.h"
#include "elf/base/texts.h"
#include "value.h"

/*
 * The members of a union share bytes, and text names all of them. Some kinds of text leave bytes
 * open: what follows the NUL of a string, the payload of a NaN. So the text is parsed several
 * times: first nothing is written, which finds errors; then those bytes are filled with defaults,
 * everything that the text determines is written, and last it is compared, which finds members of a
 * union that contradict each other.
 */
enum value_pass { PASS_SYNTAX, PASS_DEFAULTS, PASS_WRITE, PASS_CHECK, PASSES };

enum {
	VALUE_WORD = 80,       /* room for one word */
	VALUE_NODES = 1 << 16, /* members looked at to find one */
};

struct value_parser {
	const struct value *at;
	struct err *e;
	const char *p;    /* the next character */
	const char *stop; /* characters that end a value here; "" at the outermost level */
	enum value_pass pass;
	unsigned nodes;  /* remaining budget for members looked at: types may contain themselves */
	char where[160]; /* the part of the value being parsed: "a[1].b"; "" for the whole */
};

/* Sets the error: what follows the name of the part, " expects ..." or ": ...". */
__attribute__((format(printf, 2, 3))) bool value_fail(
	const struct value_parser *p, const char *fmt, ...);
#ifdef TEXTS_PACKED
#define value_fail(p, ...) (value_fail)(p, PACKED_FIRST(__VA_ARGS__))
#endif

/* The length of the text up to the end of the value, without trailing blanks. */
size_t value_word(const struct value_parser *p);

/* The same text as a string; false if it is longer than VALUE_WORD, and truncated. */
bool value_word_text(const struct value_parser *p, char text[static VALUE_WORD]);

void value_skip_blanks(struct value_parser *p);

/* Writes bytes that the text determines, at a multiple of 8 bits; or compares them. */
bool value_store(struct value_parser *p, struct typed_field f, const void *bytes, size_t n);

/* The same for a number; v is cut to its bits. */
bool value_store_number(
	struct value_parser *p, const struct typed_shape *s, struct typed_field f, uint64_t v);

/* A number of at most 128 bits. */
struct value_number {
	uint64_t high, low; /* the magnitude */
	bool negative;
};

/* Parses an optional sign and decimal, 0x, 0o, 0 or 0b digits. *large: it exceeds 128 bits.
 * False if the n characters are no number. */
bool value_number(const char *text, size_t n, struct value_number *v, bool *large);

/* Parse one value of this kind, from p->p. */
bool value_put_number(struct value_parser *p, const struct typed_shape *s, struct typed_field f);
bool value_put_scalar(struct value_parser *p, const struct typed_shape *s, struct typed_field f);
bool value_put_address(struct value_parser *p, const struct typed_shape *s, struct typed_field f);
bool value_put_text(struct value_parser *p, const struct typed_shape *s, struct typed_field f);
bool value_put_bytes(struct value_parser *p, const struct typed_shape *s, struct typed_field f);
bool value_put_untyped(struct value_parser *p);

/* One character, '\n' and the like included, of the text after an opening quote; false with the
 * error set for an unknown escape. *n: its length in bytes. */
bool value_character(struct value_parser *p, char out[static 4], size_t *n);

/* The repetition after an element: " (x5)", 1 if there is none; false with the error set. */
bool value_repeat(struct value_parser *p, uint64_t *count);

/* Parses an IPv4 or IPv6 address; false, with no error set, if it is not one. */
bool value_ip4(const char *text, uint8_t out[static 4]);
bool value_ip6(const char *text, uint8_t out[static 16]);

#endif

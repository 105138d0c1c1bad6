/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Parsing values: converts text to the bytes of a BTF type. It accepts what loader/show/typed.h
 * prints as text, with the same result, and shorter forms for people: docs/values.md has the
 * grammar.
 *
 * Text is not trusted, nor is the type: nothing outside of the destination is written.
 */
#ifndef SONDE_VALUE_H
#define SONDE_VALUE_H

#include "elf/btf/btf.h"
#include "elf/base/err.h"
#include "elf/base/ip_text.h"

struct value {
	const struct btf *btf; /* NULL: no types. Its meanings (typed_shape.h) apply. */
	uint32_t type;         /* 0: unknown */
	uint8_t *to;           /* destination, room bytes */
	size_t room;
	bool big;        /* byte order of the destination */
	const char *who; /* for messages: "variable 'limit'" */
};

/* Parses a value of the type. Members and elements that text does not name keep their values. False
 * with e set if it is not valid; bytes have been written then only if two parts of the text
 * contradict each other. */
bool value_put(const struct value *at, const char *text, struct err *e);

/* Parses "PATH=VALUE", where PATH is empty or selects a part of the value: ".member[2]". */
bool value_assign(const struct value *at, const char *text, struct err *e);

/* The key of an LPM_TRIE: bytes of the length of the prefix, of addresses. */
enum { PREFIX_BITS = 4 };

/* Parses an address prefix, "10.1.0.0/16" or "2001:db8::/32", to a key of an LPM_TRIE: 32 bits
 * with the length of the prefix in host byte order, then an address of 4 or 16 bytes. Without a
 * length, all bits count. at: room is 8 or 20; btf and type are not used. */
bool value_put_prefix(const struct value *at, const char *text, struct err *e);

#endif

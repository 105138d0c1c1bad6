/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Parsing values: converts user input to the bytes of a BTF type.
 *
 *     integer          5, -5, 0x5; with 4 bytes also 10.0.0.2; bool also true and false
 *     __be16, ...      the same, stored in network byte order
 *     enum             a name or a number
 *     char[n]          text, padded with zeros
 *     struct           member=value,member=value; other members keep their values
 *     no type          a number if the size is 1, 2, 4 or 8 bytes, else the bytes in hexadecimal
 */
#ifndef SONDE_VALUE_H
#define SONDE_VALUE_H

#include "elf/btf/btf.h"
#include "elf/base/err.h"

struct value {
	const struct btf *btf; /* NULL: no types */
	uint32_t type;         /* 0: unknown */
	uint8_t *to;           /* destination, room bytes */
	size_t room;
	bool big;        /* byte order of the destination */
	const char *who; /* for messages: "variable 'limit'" */
};

/* Parses text, which is untrusted. False with e set if it is not a valid value of the type; some
 * bytes may have been written then. */
bool value_put(const struct value *at, const char *text, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * From text to bytes: what a person writes as a value of a BTF type.
 *
 *     integer          5, -5, 0x5; of 4 bytes also 10.0.0.2; bool also true and false
 *     __be16, ...      the same, stored in the order of the network
 *     enum             a name or a number
 *     char[n]          text, the rest zeroes
 *     struct           member=value,member=value; the others stay as they are
 *     no type          a number of 1, 2, 4 or 8 bytes, else the bytes in hexadecimal
 */
#ifndef SONDE_VALUE_H
#define SONDE_VALUE_H

#include "elf/btf/btf.h"
#include "elf/base/err.h"

struct value {
	const struct btf *btf; /* NULL: no types */
	uint32_t type;         /* 0: unknown */
	uint8_t *to;           /* room bytes */
	size_t room;
	bool big;        /* byte order */
	const char *who; /* for messages: "variable 'limit'" */
};

/* False with e set when the text does not fit the type; bytes may then have been written. */
bool value_put(const struct value *at, const char *text, struct err *e);

#endif

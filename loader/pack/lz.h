/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A simple compression for payloads, whose decoder takes a hundred bytes. The content is a sequence of
 *
 *     token    1 byte: number of literals << 4 | length of the copy - LZ_MIN
 *     literals number 15: bytes follow the token that are added, until one is not 255
 *     distance 2 bytes, the lower one first: where the copy begins, counted back from here; 1 to 65535
 *     length   if it is 15: bytes that are added, as above
 *
 * The last sequence ends after its literals.
 */
#ifndef SONDE_LZ_H
#define SONDE_LZ_H

#include "flat.h"

enum { LZ_MIN = 4 };

/* Appends n bytes, compressed. */
void lz_pack(struct flat *out, const uint8_t *p, size_t n);

#endif

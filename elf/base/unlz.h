/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Decompresses what loader/pack/lz.h has compressed, where the format is described. The runner of packed files
 * has a decoder of its own, which trusts its payload. */
#ifndef SONDE_UNLZ_H
#define SONDE_UNLZ_H

#include "span.h"

/* packed is not trusted. out: room for n bytes. False unless the content has exactly that many. */
bool unlz(struct span packed, uint8_t *out, size_t n);

#endif

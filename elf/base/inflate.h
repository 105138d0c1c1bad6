/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Decompresses a deflate stream (RFC 1951). Simple rather than fast. */
#ifndef SONDE_INFLATE_H
#define SONDE_INFLATE_H

#include "span.h"

/* packed: a whole stream, not trusted. out: room for *n bytes. *n: the length of the content. False if
 * the stream is damaged or the room is too small; out then contains what came before. */
bool inflate(struct span packed, uint8_t *out, size_t *n);

#endif

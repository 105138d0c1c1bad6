/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Decompresses gzip (RFC 1952), for /proc/config.gz and files with types. */
#ifndef SONDE_GZIP_H
#define SONDE_GZIP_H

#include "arena.h"
#include "err.h"
#include "span.h"

enum { INFLATE_MAX = 1 << 26 }; /* largest accepted size of the content, in bytes */

/* Whether a file begins as gzip files do. */
bool gzip_is(struct span file);

/* The checksum of gzip files. */
uint32_t gzip_crc(const uint8_t *p, size_t n);

/* packed: one gzip member, not trusted. *out: its content, allocated from a. Length and CRC are
 * verified. */
bool inflate_gzip(struct span packed, struct arena *a, struct span *out, struct err *e);

#endif

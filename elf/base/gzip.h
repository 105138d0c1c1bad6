/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Decompresses gzip (RFC 1952), for /proc/config.gz. */
#ifndef SONDE_GZIP_H
#define SONDE_GZIP_H

#include "arena.h"
#include "err.h"
#include "span.h"

enum { INFLATE_MAX = 1 << 26 }; /* largest accepted size of the content, in bytes */

/* packed: one gzip member, not trusted. *out: its content, allocated from a. Length and CRC are
 * verified. */
bool inflate_gzip(struct span packed, struct arena *a, struct span *out, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Unpacks gzip (RFC 1952, RFC 1951): what /proc/config.gz is, and nothing that needs to be fast. */
#ifndef SONDE_INFLATE_H
#define SONDE_INFLATE_H

#include "arena.h"
#include "err.h"
#include "span.h"

enum { INFLATE_MAX = 1 << 26 }; /* bytes of content */

/* packed: one gzip member, not trusted. *out: its content, in memory of a; the length and the CRC
 * that the file gives are checked. */
bool inflate_gzip(struct span packed, struct arena *a, struct span *out, struct err *e);

#endif

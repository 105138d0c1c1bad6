/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a program reads of its context, found in its instructions: for remarks about programs that
 * read something else than they think. Where the context goes through memory or into subprograms it
 * is lost sight of: what is reported is read, not everything that is read is reported.
 */
#ifndef SONDE_CTXUSE_H
#define SONDE_CTXUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called for each load from the context: `size` bytes at `off`. False ends it. */
typedef bool (*ctxuse_fn)(void *ctx, int32_t off, uint32_t size);

/* insns: n instructions, of a big-endian machine or not. False when memory is short; nothing has
 * been called then. */
bool ctxuse_each(const uint8_t *insns, size_t n, bool big, ctxuse_fn fn, void *ctx);

/* Whether the program calls a helper of that number. */
bool ctxuse_calls(const uint8_t *insns, size_t n, bool big, int32_t helper);

#endif

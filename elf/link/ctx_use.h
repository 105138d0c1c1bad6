/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Finds the context accesses of a program, for diagnostics about programs that misinterpret their
 * context. Contexts that are spilled to memory or passed to subprograms are not tracked: all
 * reported accesses exist, but not all accesses are reported.
 */
#ifndef SONDE_CTXUSE_H
#define SONDE_CTXUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called for each load from the context: `size` bytes at `off`. Return false to stop. */
typedef bool (*ctxuse_fn)(void *ctx, int32_t off, uint32_t size);

/* insns: n instructions in the given byte order. False, without any calls, if memory is exhausted. */
bool ctxuse_each(const uint8_t *insns, size_t n, bool big, ctxuse_fn fn, void *ctx);

/* Whether the program calls the helper with this number. */
bool ctxuse_calls(const uint8_t *insns, size_t n, bool big, int32_t helper);

#endif

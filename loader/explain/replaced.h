/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What became of the programs and maps that a plan has replaced (sonde load --replace). */
#ifndef SONDE_REPLACED_H
#define SONDE_REPLACED_H

#include "loader/kernel/exec.h"

/* Calls fn with a sentence about each: links whose program was exchanged, links that are new, maps that keep
 * their contents, and those that are new. Nothing if the plan has replaced nothing. */
void replaced_tell(const struct exec *x, void (*fn)(void *ctx, const char *text), void *ctx);

#endif

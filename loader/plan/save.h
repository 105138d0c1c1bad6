/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A plan as bytes: what `sonde plan OBJ -o FILE` writes and `sonde run FILE` reads. It carries
 * everything; the object is not needed any more.
 *
 * Format: the line "sonde plan NUMBER\n", then a byte order mark and every table of struct plan in the
 * order of save.c, integers in 1 to 8 bytes in the byte order of the machine that wrote it. A file
 * is not trusted: plan_load() checks every count, length and index.
 */
#ifndef SONDE_SAVE_H
#define SONDE_SAVE_H

#include "plan.h"

#include "elf/base/err.h"

/* The bytes of a plan, in memory of arena a. Empty with e set when memory is short. */
struct span plan_save(const struct plan *p, struct arena *a, struct err *e);

/* True when the bytes begin like a saved plan. */
bool plan_is_saved(struct span bytes);

/* Reads a plan back; everything is copied to a. path: for messages. */
bool plan_load(struct plan *p, const char *path, struct span bytes, struct arena *a, struct err *e);

#endif

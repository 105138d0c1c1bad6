/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Saved plans: the file that `sonde plan OBJ -o FILE` writes and `sonde run FILE` reads. It is
 * complete; the object is no longer needed.
 *
 * Format: the line "sonde plan VERSION\n", a byte order mark, and the tables of struct plan in the
 * order of save.c, with integers of 1 to 8 bytes in the byte order of the machine that wrote it. The
 * file is untrusted: plan_load() checks every count, length and index.
 */
#ifndef SONDE_SAVE_H
#define SONDE_SAVE_H

#include "plan.h"

#include "elf/base/err.h"

/* Serializes a plan into memory from arena a. Empty with e set if out of memory. */
struct span plan_save(const struct plan *p, struct arena *a, struct err *e);

/* Whether the bytes start like a saved plan of any version. */
bool plan_is_saved(struct span bytes);

/* Reads a saved plan; everything is copied to a. path: for messages, borrowed. */
bool plan_load(struct plan *p, const char *path, struct span bytes, struct arena *a, struct err *e);

#endif

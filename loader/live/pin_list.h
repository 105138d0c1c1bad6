/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What is pinned in bpf file systems, by whom and since when. */
#ifndef SONDE_PIN_LIST_H
#define SONDE_PIN_LIST_H

#include "live.h"

/* Prints the pins below a directory, NULL: in all bpf file systems, as far as this user can read them: a table
 * for each, or one JSON object per folder and pin. *n: how many pins. False with e set if there is no such
 * directory, or it is of another file system. */
bool pins_list(struct live *l, const char *dir, size_t *n, struct err *e);

#endif

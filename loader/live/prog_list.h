/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Programs in the kernel: a list, and all facts about some. Both require CAP_SYS_ADMIN (4.13). */
#ifndef SONDE_PROG_LIST_H
#define SONDE_PROG_LIST_H

#include "live.h"

/* Prints all programs as a table, or as one JSON object each. False with e set. */
bool progs_list(struct live *l, struct err *e);

/* Prints the facts about each program that r selects (NULL: all). False with e set. */
bool progs_show(struct live *l, const struct live_ref *r, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Links in the kernel: a list, and all facts about one. Both require CAP_SYS_ADMIN (5.8). */
#ifndef SONDE_LINK_LIST_H
#define SONDE_LINK_LIST_H

#include "live.h"

/* Prints all links as a table, or as one JSON object each. False with e set. */
bool links_list(struct live *l, struct err *e);

/* Prints the facts about one link. False with e set. */
bool link_show(struct live *l, const struct live_ref *r, struct err *e);

#endif

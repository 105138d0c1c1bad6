/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* BTF objects in the kernel: its own, those of modules, those of programs and maps (4.18). */
#ifndef SONDE_BTF_LIST_H
#define SONDE_BTF_LIST_H

#include "live.h"

/* Prints all as a table, or as one JSON object each, with the programs and maps that use them. Requires
 * CAP_SYS_ADMIN. False with e set. */
bool btf_objects_list(struct live *l, struct err *e);

#endif

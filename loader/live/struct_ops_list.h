/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Structs of functions that programs implement (BPF_MAP_TYPE_STRUCT_OPS, 5.6). */
#ifndef SONDE_STRUCT_OPS_LIST_H
#define SONDE_STRUCT_OPS_LIST_H

#include "live.h"

/* Prints all as a table, or as one JSON object each: the struct of the kernel, and whether it is registered,
 * without or by a link (6.4). Requires CAP_SYS_ADMIN. False with e set. */
bool struct_ops_list(struct live *l, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Maps that register a struct of functions with the kernel (BPF_MAP_TYPE_STRUCT_OPS, 5.6). */
#ifndef SONDE_LIVE_STRUCT_OPS_H
#define SONDE_LIVE_STRUCT_OPS_H

#include "elf/base/arena.h"
#include "sys.h"

/* Whether the struct of an open map is registered without a link. Memory from a. */
bool live_struct_ops_in_use(
	int fd, uint32_t value_size, const struct sys_watch *watch, struct arena *a);

#endif

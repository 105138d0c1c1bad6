/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The interface through which viewers get names for addresses and stacks. names.h implements it
 * for the running system; tests implement it with fixed names.
 */
#ifndef SONDE_ADDRESS_NAMES_H
#define SONDE_ADDRESS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/base/span.h"

/* Whose functions a stack holds. */
enum stack_kind {
	STACK_KERNEL,
	STACK_USER,
	STACK_EITHER, /* told apart by its addresses */
	STACK_KINDS,
};

struct address_names {
	/* Writes the name of an address in the kernel or, if user, in the current process. False:
	 * unknown. */
	bool (*address)(void *ctx, bool user, uint64_t address, char *buf, size_t size);
	/* The function of frame i of a stack, 0 the innermost; id: its key in the stack map. NULL:
	 * no more frames. Valid until the next call. The pointer itself is NULL without a stack
	 * map. / */
	const char *(*frame)(void *ctx, enum stack_kind kind, int64_t id, size_t i);
	/* The same of a stack that is an array of addresses of 8 bytes, which ends at a 0. NULL if
	 * stacks are not named. */
	const char *(*trace)(void *ctx, enum stack_kind kind, struct span addresses, size_t i);
	/* The path of a cgroup below the root of its hierarchy, "/" for that; NULL: unknown. */
	const char *(*cgroup)(void *ctx, uint64_t id);
	/* Makes pid the current process: user addresses and stacks are its own from now on. */
	void (*process)(void *ctx, uint32_t pid);
	/* The name (comm) of the current process, "" if unknown. */
	const char *(*comm)(void *ctx);
	void *ctx;
};

#endif

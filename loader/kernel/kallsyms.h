/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading /proc/kallsyms: the symbols of the kernel and its modules. The file has well over
 * 100,000 lines; nothing reads it unless a name or an address has to be resolved.
 */
#ifndef SONDE_KALLSYMS_H
#define SONDE_KALLSYMS_H

#include "kfs.h"

#include <stdbool.h>
#include <stdint.h>

struct kallsym {
	uint64_t address;   /* 0 if the kernel hides it (kernel.kptr_restrict) */
	const char *name;   /* valid during the callback only */
	const char *module; /* "" for the kernel itself */
};

/* Returns false to stop the iteration. */
typedef bool (*kallsyms_fn)(void *ctx, const struct kallsym *sym);

/* Calls fn for each symbol, or only for functions (types t, T, w and W). 0 or -errno as kfs_open().
 */
long kallsyms_each(struct kfs *k, bool functions, kallsyms_fn fn, void *ctx);

/*
 * The address of a symbol of any type; one of the kernel takes precedence over those of modules.
 * -ESRCH if there is none (0 if weak), -ENOTUNIQ if the name has several addresses, -EPERM if the
 * kernel hides addresses (kernel.kptr_restrict), or -errno as kfs_open().
 */
int64_t kallsyms_address(struct kfs *k, const char *name, bool weak);

#endif

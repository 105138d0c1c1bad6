/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading the kernel's lists of its symbols and those of its modules: /proc/kallsyms, and the traceable
 * functions in tracefs. They have up to 200,000 lines; nothing reads them unless a name or an address
 * has to be resolved.
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

/* Both call fn for each symbol and return 0 or -errno as kfs_open(). */

/* In kallsyms. functions: only those of types t, T, w and W. */
long kallsyms_each(struct kfs *k, bool functions, kallsyms_fn fn, void *ctx);

/* In `list` of tracefs, available_filter_functions; with addresses in available_filter_functions_addrs
 * (6.5), else address is 0. */
long kallsyms_each_traceable(
	struct kfs *k, const char *list, bool addresses, kallsyms_fn fn, void *ctx);

/*
 * The address of a symbol of any type; one of the kernel takes precedence over those of modules.
 * -ESRCH if there is none (0 if weak), -ENOTUNIQ if the name has several addresses, -EPERM if the
 * kernel hides addresses (kernel.kptr_restrict), or -errno as kfs_open().
 */
int64_t kallsyms_address(struct kfs *k, const char *name, bool weak);

#endif

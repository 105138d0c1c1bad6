/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Functions of the kernel by name, by pattern and by address. /proc/kallsyms is read anew for each
 * question; only struct ksyms_table keeps anything.
 */
#ifndef SONDE_KSYMS_H
#define SONDE_KSYMS_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "loader/kernel/kfs.h"

/* Called for each function ('t', 'T', 'w', 'W') of the kernel and its modules; name is terminated,
 * module "" for the kernel itself. False ends it. */
typedef bool (*ksyms_fn)(void *ctx, const char *name, const char *module);

/* 0 or -errno (-ENOENT, -EPERM as kfs_open() gives them). */
long ksyms_each(struct kfs *k, ksyms_fn fn, void *ctx);

/* All functions by their addresses. */
struct ksyms_table {
	struct ksym {
		uint64_t address;
		const char *name;
	} * list; /* ascending */
	size_t n;
};

/* Empty when kallsyms can't be read, or shows zeros for addresses (kernel.kptr_restrict). Memory
 * from a. */
void ksyms_read(struct ksyms_table *t, struct kfs *k, struct arena *a);

/* The function that an address is in, with the bytes behind its start; NULL: none. */
const char *ksyms_at(const struct ksyms_table *t, uint64_t address, uint64_t *plus);

/*
 * What somebody who wrote `name` may have meant: clones that the compiler made of it
 * (name.isra.0, .constprop.0, .part.0), else the names nearest to it, separated by ", ". "" when
 * there are none or kallsyms can't be read.
 */
void ksyms_near(struct kfs *k, const char *name, char *buf, size_t size);

#endif

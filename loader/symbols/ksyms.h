/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The kernel's own symbols, from /proc/kallsyms: read when a name is not found, when a pattern
 * has to be matched, or when addresses need names; 150 000 lines are too many to read without need.
 * Only a table of addresses keeps anything.
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
	char *text; /* names are taken from it */
	size_t left;
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

/*
 * The address of a symbol of any kind, of the kernel before one of a module. -ESRCH when there is
 * none (0 if weak), -ENOTUNIQ when several addresses have that name, -EPERM when the kernel hides
 * addresses from us (kptr_restrict), or as kfs_open() fails.
 */
int64_t ksyms_address(struct kfs *k, const char *name, bool weak);

/* Does a name fit a pattern with '*' and '?'? */
bool ksyms_match(const char *pattern, const char *name);

#endif

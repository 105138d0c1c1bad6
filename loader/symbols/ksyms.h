/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Functions of the kernel by address, and names like a wrong one. /proc/kallsyms is read anew for each
 * question; only struct ksyms_table keeps anything.
 */
#ifndef SONDE_KSYMS_H
#define SONDE_KSYMS_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "loader/kernel/kfs.h"

/* All functions by address. */
struct ksyms_table {
	struct ksym {
		uint64_t address;
		const char *name;
	} * list; /* ascending */
	size_t n;
};

/* Fills the table. It is empty if kallsyms cannot be read or the kernel hides addresses
 * (kernel.kptr_restrict). Memory from a. */
void ksyms_read(struct ksyms_table *t, struct kfs *k, struct arena *a);

/* The function that contains an address, NULL if unknown; *plus: offset from its start. */
const char *ksyms_at(const struct ksyms_table *t, uint64_t address, uint64_t *plus);

/*
 * Suggestions for a function that does not exist: the clones that the compiler made of it
 * (name.isra.0, .constprop.0, .part.0), else the most similar names, separated by ", ". "" if there
 * are none or kallsyms cannot be read.
 */
void ksyms_suggest(struct kfs *k, const char *name, char *buf, size_t size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The traceable functions of the running kernel and its modules that match a pattern, in the form in
 * which BPF_LINK_CREATE expects them for kprobe.multi.
 */
#ifndef SONDE_FUNCTIONS_H
#define SONDE_FUNCTIONS_H

#include "kfs.h"

/*
 * Both read `list`, the file available_filter_functions of tracefs. pattern (untrusted) may contain
 * * and ?; "MODULE:PATTERN" matches only functions of that module. out: size bytes, aligned to 8.
 * Both return the number of functions, or -errno: -ENOENT if none matches, -E2BIG if out is too
 * small, or as kfs_open().
 */

/*
 * Stores the addresses, in host byte order, 8 bytes each: from the file LIST_addrs (6.5), else from
 * kallsyms. A name that has more addresses than traceable functions is left out, because kallsyms
 * does not tell which of them are traceable. -EADDRNOTAVAIL if the kernel hides addresses
 * (kernel.kptr_restrict).
 */
int64_t functions_addresses(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size);

/* Stores pointers to names, 8 bytes each, in the first quarter of out, and the names after it. Names
 * that are not unique are left out: the kernel finds only the first function with a name. */
int64_t functions_names(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size);

#endif

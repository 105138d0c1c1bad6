/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * BPF helper functions by number. The list is closed: since 6.2 the kernel only adds kfuncs, which
 * have no numbers.
 *
 * Sources: ___BPF_FUNC_MAPPER of <linux/bpf.h> (names, numbers; compared in test_helpers.c), the
 * kernel's releases (versions), loading each helper with a proprietary license on 5.10, 6.1, 6.12,
 * 6.18 and 7.2 (GPL), and the kernel's source for those that no loadable program type may call.
 */
#ifndef SONDE_HELPERS_H
#define SONDE_HELPERS_H

#include <stdbool.h>
#include <stdint.h>

enum { HELPER_MAX = 211 }; /* the first is 1 */

/* The name without the leading bpf_: "map_lookup_elem"; NULL for an unknown number. Static. */
const char *helper_name(unsigned number);

/* The first kernel with this helper, an ABI_VERSION(); 0 for an unknown number. Some program types may
 * have been allowed to call it later. */
uint16_t helper_since(unsigned number);

/* Whether a helper requires a GPL-compatible license. Two exceptions are not considered: ktime_get_ns
 * was GPL-only before 5.8, and get_stackid is not in perf_event programs. */
bool helper_gpl_only(unsigned number);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What is attached, as a table or as JSON: sonde ps, sonde top. */
#ifndef SONDE_ATTACHED_VIEW_H
#define SONDE_ATTACHED_VIEW_H

#include "attached.h"

/* Lets the kernel count runs while the descriptor, which is returned, is open (5.8; CAP_SYS_ADMIN). Or
 * -errno. */
long attached_count(const struct sys_watch *watch);

/* Whether the kernel counts runs always (kernel.bpf_stats_enabled). */
bool attached_counts(struct kfs *k);

/* Replaces the runs and times of a list by those since it was read; those that ended have none. */
void attached_since(struct attached_list *a);

enum attached_order { ATTACHED_BY_TIME, ATTACHED_BY_RUNS, ATTACHED_BY_PROGRAM, ATTACHED_ORDERS };

/* Orders the list: by time or runs, largest first, or by id. */
void attached_sort(struct attached_list *a, enum attached_order order);

/* Prints the list; span_ns: the time that runs and times are of, 0: they are not shown. rows: at most
 * so many, 0: all. */
void attached_print(const struct attached_list *a, uint64_t span_ns, size_t rows);

/* The same with the place first. */
void attached_print_places(const struct attached_list *a);

#endif

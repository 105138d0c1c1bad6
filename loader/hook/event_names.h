/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The names of the kernel's tracepoints, as the file available_events of tracefs lists them. */
#ifndef SONDE_EVENT_NAMES_H
#define SONDE_EVENT_NAMES_H

#include "loader/kernel/kfs.h"

/* Called with CATEGORY/NAME; false to stop. The name is valid during the call only. */
typedef bool (*event_fn)(void *ctx, const char *event);

/* Calls fn for each tracepoint; not at all if tracefs cannot be read. */
void events_each(struct kfs *k, event_fn fn, void *ctx);

/* Writes CATEGORY/NAME of the first tracepoint with this name to buf, truncated; false if there is
 * none. */
bool event_find(struct kfs *k, const char *name, char *buf, size_t size);

#endif

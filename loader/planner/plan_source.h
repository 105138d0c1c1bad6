/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* From a file to a plan: the file is an object, or a plan that was saved. */
#ifndef SONDE_PLAN_SOURCE_H
#define SONDE_PLAN_SOURCE_H

#include "planner.h"

/*
 * Fails for a saved plan that was linked against the types of another kernel than the target, and
 * for one with opt->only. path: for messages. Neither bytes nor their meaning are trusted. Memory
 * from a.
 */
bool plan_from_bytes(struct plan *p, const char *path, struct span bytes,
	const struct plan_options *opt, struct target *t, struct arena *a, struct err *e);

bool plan_from_file(struct plan *p, const char *path, const struct plan_options *opt,
	struct target *t, struct arena *a, struct err *e);

#endif

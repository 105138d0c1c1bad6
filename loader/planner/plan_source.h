/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Makes a plan from a file, which is an object or a saved plan. */
#ifndef SONDE_PLAN_SOURCE_H
#define SONDE_PLAN_SOURCE_H

#include "planner.h"

/*
 * Makes a plan from bytes, which are untrusted. Fails for a saved plan that depends on the types of
 * a kernel other than the target, and for a saved plan if opt->only is set. path: for messages.
 * Memory from a.
 */
bool plan_from_bytes(struct plan *p, const char *path, struct span bytes,
	const struct plan_options *opt, struct target *t, struct arena *a, struct err *e);

/* How saved plans are recognised and loaded; NULL in a program that is linked without. */
struct sonde_part {
	bool (*is_saved)(struct span bytes);
	bool (*load)(struct plan *p, const char *path, struct span bytes,
		const struct plan_options *opt, struct target *t, struct arena *a, struct err *e);
};
extern const struct sonde_part *const sonde_saved_plans;

bool plan_from_file(struct plan *p, const char *path, const struct plan_options *opt,
	struct target *t, struct arena *a, struct err *e);

#endif

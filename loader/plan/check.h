/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Validation of plans before they are executed or printed. */
#ifndef SONDE_PLAN_CHECK_H
#define SONDE_PLAN_CHECK_H

#include "plan.h"

#include "elf/base/err.h"

/* Checks what executors and viewers rely on: indices in range, patches within blobs, arguments of the
 * right kind. For plans that were just made; e names the step. */
bool plan_check(const struct plan *p, struct err *e);

/*
 * The same for a plan from a file, which is untrusted. It must also be one that the planner could have
 * made for some object and some options: its calls neither read nor write memory that is not the
 * plan's, and touch only what the plan has made or a user may name. The planner's own plans pass.
 */
bool plan_check_saved(const struct plan *p, struct err *e);

#endif

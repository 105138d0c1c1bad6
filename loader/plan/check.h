/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Validation of plans before they are executed or printed. */
#ifndef SONDE_PLAN_CHECK_H
#define SONDE_PLAN_CHECK_H

#include "plan.h"

#include "elf/base/err.h"

/* Checks everything that executors rely on, such as indices in range and patches within blobs.
 * Required for plans from a file, which are untrusted; the planner's own plans pass too. */
bool plan_check(const struct plan *p, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What a plan must be before anybody executes or prints it. */
#ifndef SONDE_PLAN_CHECK_H
#define SONDE_PLAN_CHECK_H

#include "plan.h"

#include "elf/base/err.h"

/* Checks everything that executors rely on: indices in range, patches inside of blobs. For plans
 * from a file, which are not trusted; the planner's own pass as well. */
bool plan_check(const struct plan *p, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Two plans, step by step. */
#ifndef SONDE_PLAN_DIFF_H
#define SONDE_PLAN_DIFF_H

#include "loader/plan/plan.h"

#include <stdio.h>

enum { PLAN_DIFF_MAX = 4096 /* steps of each */ };

/*
 * Prints the steps that only one of them has, and the fields and instructions that differ in steps which both
 * have; *same: nothing differs. False if memory is exhausted. Plans have at most PLAN_DIFF_MAX steps.
 */
bool plan_print_diff(const struct plan *a, const struct plan *b, bool *same, FILE *out);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One step of a plan: what it is for, and which part of the object asked for it. */
#ifndef SONDE_PLAN_WHY_H
#define SONDE_PLAN_WHY_H

#include "loader/plan/plan.h"

#include <stdio.h>

/* Prints it; i < p->n_steps. */
void plan_print_why(const struct plan *p, size_t i, bool color, FILE *out);

#endif

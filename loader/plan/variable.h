/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Initial values of global variables, set by the user. */
#ifndef SONDE_VARIABLE_H
#define SONDE_VARIABLE_H

#include "plan.h"

#include "elf/base/err.h"

/*
 * Sets the initial value of a variable in a data section. assignment: "VAR=VALUE", untrusted;
 * value.h has the syntax of values. Fails if there is no such variable (the hint lists the
 * variables) or if the value is not valid for its type.
 */
bool plan_set_variable(struct plan *p, const char *assignment, struct err *e);

#endif

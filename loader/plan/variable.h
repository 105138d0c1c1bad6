/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Initial values of global variables, written by people. */
#ifndef SONDE_VARIABLE_H
#define SONDE_VARIABLE_H

#include "plan.h"

#include "elf/base/err.h"

/*
 * Gives variable `name` of a data section (`const volatile` or not) the value that `text` spells,
 * by its BTF type: integers (0x too), IPv4 addresses (10.0.0.2), bool, char arrays, enums by name;
 * __be16, __be32 and __be64 are stored in network order. "VAR=VALUE" is split here.
 * Fails when no such variable exists (the hint lists those that do) or the text doesn't fit.
 */
bool plan_set_variable(struct plan *p, const char *assignment, struct err *e);

#endif

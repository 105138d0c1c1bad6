/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The table of hooks for people: `sonde hooks`, docs/hooks.md. */
#ifndef SONDE_HOOKS_H
#define SONDE_HOOKS_H

#include <stdbool.h>
#include <stdio.h>

/* All section names, family by family; json: one object a line. */
void hooks_print(bool json, FILE *out);

#endif

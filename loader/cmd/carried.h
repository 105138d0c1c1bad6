/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The command line of a file that carries an object (`sonde pack --full`). */
#ifndef SONDE_CARRIED_H
#define SONDE_CARRIED_H

#include "loader/plan/packed_form.h"

#include <stdbool.h>

/*
 * Completes the command line: without a verb it is that of run; run, load, plan, inspect and init get the object and the
 * options that it was packed with; all else is as given. In the first process of a machine, it is that of init. Prints the help itself. *argv is replaced by a list that
 * is never freed. Returns -1, or the exit status if there is nothing more to do.
 */
int carried_arguments(const struct packed_head *head, bool first, int *argc, char ***argv);

#endif

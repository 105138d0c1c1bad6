/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Process 1 before the real init: it starts the recorder as a child, waits until everything is attached, and
 * becomes the init. Whatever happens to the child, the boot goes on.
 */
#ifndef SONDE_INIT_PROCESS_H
#define SONDE_INIT_PROCESS_H

#include "init_args.h"

/* A message before there is a recorder: to the kernel's log in the first process, else to stderr. */
void init_say(const struct init_args *a, const char *label, const char *text);

/* Returns the exit status: if nothing was to be executed, or nothing could be. */
int init_process(const struct init_args *a);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The child that records: it plans, attaches and copies records until it is collected. */
#ifndef SONDE_INIT_RECORDER_H
#define SONDE_INIT_RECORDER_H

#include "init_args.h"

/* Runs in the child. Its messages go to stderr, a byte to `ready` once it records. Returns the exit status. */
int init_recorder(const struct init_args *a, int ready);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What plan_fit() asks about the machine that sonde runs on. */
#ifndef SONDE_MACHINE_H
#define SONDE_MACHINE_H

#include "kfs.h"
#include "loader/plan/fit.h"

/*
 * Reads the facts in needs (FIT_*). Without FIT_CPUS, cpus has one CPU: the one that this runs on, which
 * costs no access to a file. The list comes from a. Fails if memory is exhausted.
 */
bool machine_facts(
	struct machine *m, unsigned needs, struct kfs *k, struct arena *a, struct err *e);

#endif

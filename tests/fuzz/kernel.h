/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A simulated kernel below the executor: it reads and writes what the real one would for each call, and
 * aborts if any of that does not belong to the plan. Its answers, errors among them, are made of a
 * number. Nothing may be closed that was not opened here, and everything that was opened is closed.
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "elf/base/arena.h"
#include "loader/plan/plan.h"

/* Runs and ends p, which has passed plan_check(). print: describe each call, too. Returns whether all
 * steps succeeded. */
bool kernel_runs(struct plan *p, struct arena *a, uint32_t seed, bool print);

#endif

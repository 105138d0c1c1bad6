/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Fits a plan to the machine that runs it. A plan can be saved on one machine and run on another, so
 * the planner leaves open what depends on the machine:
 *
 *     max_entries of PLAN_POSSIBLE_CPUS becomes the number of possible CPUs
 *     max_entries of a ring buffer becomes a power of two that is a multiple of the page size
 *     steps marked STEP_EACH_CPU are repeated for each CPU, and may fail for those that are offline
 *     PLAN_CPU, the argument of perf_event_open(), becomes the CPU of the repetition, or one that
 *         is online
 */
#ifndef SONDE_FIT_H
#define SONDE_FIT_H

#include "plan.h"

#include "elf/base/err.h"

struct machine {
	const unsigned *cpus; /* that are there, online or not, in ascending order; at least one */
	size_t n_cpus;
	unsigned online; /* one of them that is */
	uint32_t possible_cpus;
	uint32_t page_size; /* bytes, a power of two */
};

/* Facts that plan_fit() needs about the machine besides an online CPU and the page size. */
enum { FIT_CPUS = 1, FIT_POSSIBLE = 2 };

/* Which of these p needs: reading them costs system calls. */
unsigned plan_fit_needs(const struct plan *p);

/*
 * p has passed plan_check(), or comes from the planner; a plan that has been fitted stays as it is.
 * Fails if memory is exhausted, the plan becomes too large, or it is for another page size. Step
 * numbers change.
 */
bool plan_fit(struct plan *p, const struct machine *m, struct err *e);

#endif

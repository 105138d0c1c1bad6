/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What would become of each step of a plan on a kernel of a given version. */
#ifndef SONDE_KERNEL_RUN_H
#define SONDE_KERNEL_RUN_H

#include "loader/plan/plan.h"

enum step_fate {
	FATE_NOT_RUN, /* nothing asks for it */
	FATE_SKIPPED, /* it takes the result of a step that was left out */
	FATE_OK,
	FATE_TOO_NEW, /* the kernel lacks what needs[i] tells */
};

struct step_need {
	uint16_t since;  /* ABI_VERSION(); 0: nothing known */
	const char *why; /* "BPF_MAP_TYPE_RINGBUF", or NULL */
};

/* needs: of each step, from a; NULL if memory is exhausted. */
struct step_need *kernel_needs(const struct plan *p, struct arena *a);

/* The fate of each step, from a; NULL if memory is exhausted. A step that would fail the plan counts as if it
 * had succeeded for those that follow, which are then judged by themselves. */
enum step_fate *kernel_run(
	const struct plan *p, const struct step_need *needs, uint16_t version, struct arena *a);

/* Whether the plan goes on without the step, since it tolerates what old kernels return. */
bool kernel_tolerates(const struct plan_step *s);

#endif

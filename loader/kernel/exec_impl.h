/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Private header of the executor. */
#ifndef SONDE_EXEC_IMPL_H
#define SONDE_EXEC_IMPL_H

#include "exec.h"

/* The arguments of a step, with all patches applied. */
struct step_call {
	const struct plan_step *step;
	uint8_t *attr; /* NULL: none */
	uint32_t attr_size;
	long args[PLAN_ARGS]; /* numbers, file descriptors, addresses of blobs */
};

/* The attr of a step that has one, with all patches applied; NULL: a slot that it needs is empty. */
const uint8_t *exec_attr(struct exec *x, const struct plan_step *s);

/* Implements an operation. Returns the result of the call, or -errno. */
typedef int64_t (*exec_op)(struct exec *x, const struct step_call *c);

/* By operation: the column `run` of loader/plan/step_ops.def. */
extern const exec_op exec_ops[STEP_OPS];

#endif

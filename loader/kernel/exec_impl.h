/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Between the executor and the operations of steps. */
#ifndef SONDE_EXEC_IMPL_H
#define SONDE_EXEC_IMPL_H

#include "exec.h"

/* A step whose patches are filled: what is passed to the kernel. */
struct step_call {
	const struct plan_step *step;
	uint8_t *attr; /* NULL: none */
	uint32_t attr_size;
	long args[PLAN_ARGS]; /* numbers, descriptors, addresses of blobs */
};

/* Makes the call. The kernel's answer, or -errno. */
typedef int64_t (*exec_op)(struct exec *x, const struct step_call *c);

/* By operation: the column `run` of loader/plan/step_ops.def. */
extern const exec_op exec_ops[STEP_OPS];

#endif

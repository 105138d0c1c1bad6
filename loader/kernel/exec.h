/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The live executor: makes the calls of a plan, one after the other.
 *
 * Nothing half-done stays: when a step fails for good, everything that the steps before it made is
 * closed, in reverse order.
 */
#ifndef SONDE_EXEC_H
#define SONDE_EXEC_H

#include "kfs.h"
#include "loader/plan/plan.h"
#include "sys.h"

/* What became of a step. */
enum { OUTCOME_OK = 0, OUTCOME_SKIPPED = -1 /* > 0: its errno */ };

struct exec_slot {
	bool filled;
	int64_t value; /* a descriptor or a number */
};

/* A plan come to life. The descriptors in it keep everything alive. */
struct exec {
	const struct plan *plan;
	struct exec_slot *slots; /* plan->n_slots */
	int *outcomes;           /* plan->n_steps */
	struct arena *arena;
	struct kfs *kfs;
	const struct sys_watch *watch;
	void **outputs; /* by blob: memory of outputs while a call runs */
	bool memlock_raised;
	bool explained; /* the log adds nothing to the error */
	bool failed;    /* a step failed: nothing may stay */
};

/* What a caller wants to hear while a plan runs. Each function may be NULL. */
struct exec_report {
	void *ctx; /* for step() and confirm() */
	/* Called after every step: result is the kernel's answer, -errno on failure. Skipped steps
	 * are not reported. The bytes of the plan's blobs are as the kernel saw them. */
	void (*step)(void *ctx, const struct exec *x, size_t step, long result);
	/* Called after a step marked STEP_CONFIRM: false fails the plan. NULL: go on. */
	bool (*confirm)(void *ctx, const struct exec *x, size_t step);
	/*
	 * Describes why step failed with outcomes[step]: sets e, and x->explained if e says more
	 * than the log (NULL if there is none). Returns false. kernel_error_explain() of
	 * loader/explain is one; NULL: the step and its errno.
	 */
	bool (*explain)(struct exec *x, size_t step, const char *log, struct err *e);
};

/*
 * Runs a plan on this kernel. False with e set when a step failed; then nothing is left. The log of
 * a refused program or type blob, if there is one, is at *log (from arena), else NULL.
 */
bool exec_run(struct exec *x, struct plan *p, struct arena *a, struct kfs *k,
	const struct sys_watch *watch, const struct exec_report *report, const char **log,
	struct err *e);

/* The value in a slot, -1 when it is empty. */
int exec_fd(const struct exec *x, int16_t slot);

/* Closes everything in reverse order: programs are detached, maps gone unless they are pinned. An
 * exec that is {0} is fine. */
void exec_close(struct exec *x);

#endif

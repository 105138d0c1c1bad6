/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The executor: runs the steps of a plan in order.
 *
 * If a step fails and is not optional, everything that earlier steps have created is closed or
 * undone, in reverse order.
 */
#ifndef SONDE_EXEC_H
#define SONDE_EXEC_H

#include "exec_calls.h"
#include "loader/plan/plan.h"

/* The outcome of a step. */
enum { OUTCOME_OK = 0, OUTCOME_SKIPPED = -1 /* > 0: its errno */ };

struct exec_slot {
	bool filled;
	int64_t value; /* a file descriptor or number; -1: the step has no result */
};

/* A plan that has been run. Its file descriptors keep everything loaded and attached. */
struct exec {
	const struct plan *plan;
	struct exec_slot *slots; /* plan->n_slots */
	int *outcomes;           /* plan->n_steps */
	struct arena *arena;
	struct kfs *kfs;
	const struct sys_watch *watch;
	const struct exec_calls *calls;
	uint64_t started_ns; /* CLOCK_MONOTONIC, before the first step */
	void **outputs;      /* by blob: output buffers of the current call */
	bool memlock_raised;
	bool explained; /* the error already contains what the log says */
	bool failed;    /* a step failed: undo what is meant to persist, too */
};

/* Callbacks while a plan runs. Each may be NULL. */
struct exec_report {
	void *ctx; /* for step(), go_on() and confirm() */
	/* Called after every step that is not skipped, with the result of the call, or -errno. The
	 * blobs of the plan have their contents from the call. */
	void (*step)(void *ctx, const struct exec *x, size_t step, long result);
	/* Asked before every step, with its number: false fails the plan, which undoes what was done. */
	bool (*go_on)(void *ctx, const struct plan *p, size_t step);
	/* Called after a step marked STEP_CONFIRM: false fails the plan. NULL: continue. */
	bool (*confirm)(void *ctx, const struct exec *x, size_t step);
	/*
	 * Describes why step failed with outcomes[step]: sets e, and x->explained if e says more
	 * than the log (NULL if there is none). Returns false. kernel_error_explain() of
	 * loader/explain is one; NULL: the step and its errno.
	 */
	bool (*explain)(struct exec *x, size_t step, const char *log, struct err *e);
	/* What the steps call, until exec_close(). NULL: exec_kernel. */
	const struct exec_calls *calls;
};

/*
 * Runs a plan on this kernel. False with e set if a step failed; everything is closed and undone
 * then. *log: the log for a rejected program or BTF (from the arena), or NULL. p must have passed
 * plan_check(); it is fitted to this machine (plan_fit()), and its blobs are modified.
 */
bool exec_run(struct exec *x, struct plan *p, struct arena *a, struct kfs *k,
	const struct sys_watch *watch, const struct exec_report *report, const char **log,
	struct err *e);

/* Whether the plan has steps for single CPUs (STEP_ONE_CPU). */
bool exec_follows_cpus(const struct exec *x);

/* A CPU came online or went offline: repeats its steps, or closes their results. The kernel never
 * runs a perf event again whose CPU was offline. */
bool exec_cpu(struct exec *x, unsigned cpu, bool online, struct err *e);

/* The value of a slot, -1 if it is empty or slot is PLAN_NONE. */
int exec_fd(const struct exec *x, int16_t slot);

/* The descriptor of a program as it is attached, which may have been loaded again for that; -1 if it
 * is not loaded. */
int exec_prog_fd(const struct exec *x, const struct plan_prog *prog);

/* The fields of BPF_MAP_CREATE that make the shape of a map, as planned and as found. */
enum { MAP_SHAPE = 6 };
struct map_comparison {
	struct {
		const char *field; /* "max_entries"; the first is map_type */
		uint64_t planned, found;
		bool differs;
	} fields[MAP_SHAPE];
	bool differs;
};

/* Compares the map fd with the attr of a step that creates one. 0, or -errno if the kernel gives no
 * information about it. */
long exec_compare_map(
	const struct exec *x, int fd, const struct plan_step *create, struct map_comparison *d);

/*
 * Closes and undoes everything in reverse order: programs are detached and, unless pinned, unloaded;
 * maps are freed. x may be {0}. False if something stays: e, which may be set before, says the first
 * thing and why.
 */
bool exec_close(struct exec *x, struct err *e);

#endif

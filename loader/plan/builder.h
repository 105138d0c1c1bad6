/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Building a plan: slots, blobs, steps and their attrs are added, never changed by anybody else. */
#ifndef SONDE_PLAN_BUILDER_H
#define SONDE_PLAN_BUILDER_H

#include "plan.h"

#include "elf/base/err.h"

/* Everything a part of the planner needs. The first failure is kept in e; calls after it do
 * nothing harmful, so that a part can add all its steps and check once at the end. */
struct planner {
	struct plan *plan;
	struct err *e;
	bool failed;
	struct plan_step discarded; /* what plan_step_at() gives once failed: nobody reads it */
};

/* Fails the planner for lack of memory. */
void plan_fail_memory(struct planner *b);

int16_t plan_add_slot(struct planner *b, enum slot_kind kind, const char *name);
/* Copies size bytes; bytes NULL: zeroes. */
int16_t plan_add_blob(struct planner *b, const void *bytes, size_t size, const char *what);
/* size bytes that the kernel fills. */
int16_t plan_add_output(struct planner *b, size_t size, const char *what);
void plan_add_patch(struct planner *b, int16_t blob, struct plan_patch patch);

/* Adds a step; `like` supplies who, doing, prog. Returns its index, PLAN_NONE after a failure.
 * A STEP_BPF and a STEP_PERF_OPEN get an empty attr. */
int16_t plan_add_step(struct planner *b, enum step_op op, uint32_t cmd, int16_t slot,
	const struct plan_step *like);
/* Adds a copy of a step (its attr too) that stands in for it after the given errnos (0 = end). */
int16_t plan_add_fallback(
	struct planner *b, int16_t step, const char *note, const uint16_t errs[static PLAN_ERRS]);
/* A string made in the plan's arena; NULL (memory is short) fails the planner and gives "". */
const char *plan_text(struct planner *b, const char *s);

/* Adds a step that undoes another at the end. */
int16_t plan_add_undo(struct planner *b, enum step_op op, uint32_t cmd, int16_t step);
/* The step, to be completed; never NULL. Valid until a step is added. */
struct plan_step *plan_step_at(struct planner *b, int16_t step);
/* Adds what to do when the step fails with that errno. text: static or of the plan's arena. */
void plan_add_hint(struct planner *b, int16_t step, uint16_t no, const char *text);

/* Sets a field of the attr of a STEP_BPF or STEP_PERF_OPEN by the name that the kernel gives it;
 * the ABI table knows where it is. The attr grows to the end of the field: its size is that of the
 * last field set. */
void attr_set(struct planner *b, int16_t step, const char *field, uint64_t value);
void attr_slot(struct planner *b, int16_t step, const char *field, int16_t slot);
void attr_blob(struct planner *b, int16_t step, const char *field, int16_t blob);
void attr_name(struct planner *b, int16_t step, const char *field, const char *name);
/* Takes a field out again: zero, without patches; the attr shrinks to the last field that is set.
 */
void attr_clear(struct planner *b, int16_t step, const char *field);

#endif

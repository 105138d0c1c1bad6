/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Functions that add slots, blobs, steps and their attrs to a plan. */
#ifndef SONDE_PLAN_BUILDER_H
#define SONDE_PLAN_BUILDER_H

#include "abi.h"
#include "plan.h"

#include "elf/base/err.h"

/* A plan being built. The first failure is stored in e; all later calls then have no effect, so
 * callers can add all their steps and check once at the end. */
struct plan_builder {
	struct plan *plan;
	struct err *e;
	bool failed;
	struct plan_step discarded; /* returned by plan_step_at() after a failure; never read */
};

/* Fails the builder with "out of memory". */
void plan_fail_memory(struct plan_builder *b);

/* These three return the index of the new slot or blob, or PLAN_NONE after a failure. Names and
 * descriptions are not copied: static, or in the plan's arena. */
int16_t plan_add_slot(struct plan_builder *b, enum slot_kind kind, const char *name);
/* Copies size bytes; bytes NULL: zeros. */
int16_t plan_add_blob(struct plan_builder *b, const void *bytes, size_t size, const char *what);
/* size bytes that the kernel fills in. */
int16_t plan_add_output(struct plan_builder *b, size_t size, const char *what);
void plan_add_patch(struct plan_builder *b, int16_t blob, struct plan_patch patch);

/* Adds a step that copies who, doing and prog from `like`. Returns its index, PLAN_NONE after a
 * failure. A step whose operation has an attr gets an empty one. */
int16_t plan_add_step(struct plan_builder *b, enum step_op op, uint32_t cmd, int16_t slot,
	const struct plan_step *like);
/* Adds a copy of a step, including its attr, that runs if the step fails with one of errs (0
 * terminates). Its note is not reported, unless the caller sets STEP_NOTICE. */
int16_t plan_add_fallback(struct plan_builder *b, int16_t step, const char *note,
	const uint16_t errs[static PLAN_ERRS]);
/* Checks a string allocated from the plan's arena: NULL (out of memory) fails the builder and
 * becomes "". */
const char *plan_text(struct plan_builder *b, const char *s);

/* Adds a step that undoes another on exit. */
int16_t plan_add_undo(struct plan_builder *b, enum step_op op, uint32_t cmd, int16_t step);
/* The step, for the caller to complete; never NULL. Valid until another step is added. */
struct plan_step *plan_step_at(struct plan_builder *b, int16_t step);
/* Lets the plan continue when the step fails with one of these errnos (0: end). */
void plan_tolerate(struct plan_builder *b, int16_t step, const uint16_t errs[static PLAN_ERRS]);
/* Adds a hint for one errno of the step. text: static, or in the plan's arena. */
void plan_add_hint(struct plan_builder *b, int16_t step, uint16_t no, const char *text);

/* These set a field of the step's attr: to a number, to the value of a slot, to the address of a blob;
 * a second slot or blob replaces the first. The attr grows to the end of the field, so its size is the end of the last field set. */
void attr_set(struct plan_builder *b, int16_t step, struct attr_field f, uint64_t value);
void attr_slot(struct plan_builder *b, int16_t step, struct attr_field f, int16_t slot);
void attr_blob(struct plan_builder *b, int16_t step, struct attr_field f, int16_t blob);
/* Sets a bit-field: bit is its mask as on little-endian hosts, as PERF_ATTR_FREQ. */
void attr_bit(struct plan_builder *b, int16_t step, struct attr_field f, uint64_t bit);
/* Object names: characters that the kernel does not accept become '_'. */
void attr_name(struct plan_builder *b, int16_t step, struct attr_field f, const char *name);
/* The value of a field, 0 after a failure. */
uint64_t attr_get(const struct plan_builder *b, int16_t step, struct attr_field f);
/* Clears n fields: zero, without patches. The attr keeps its size: kernels that do not know the fields
 * accept zeros there. */
void attr_clear(struct plan_builder *b, int16_t step, const struct attr_field *fields, size_t n);
/* A copy of an attr's bytes that can grow to size without another one; NULL after a failure. For
 * plan_add_fallback(). */
uint8_t *attr_copy(struct plan_builder *b, const struct plan_blob *attr, uint32_t size);

#endif

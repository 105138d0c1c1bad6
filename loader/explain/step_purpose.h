/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What steps are for, and what refers to their results. */
#ifndef SONDE_STEP_PURPOSE_H
#define SONDE_STEP_PURPOSE_H

#include "loader/plan/plan.h"

/* A few words without a full stop: the step's note, or what such steps are for. Returns buf. */
char *step_purpose(const struct plan *p, const struct plan_step *s, char *buf, size_t size);

/* The map that the step creates or opens, or NULL. */
const struct plan_map *step_map(const struct plan *p, const struct plan_step *s);

/* Instructions that refer to a slot: start with {.prog = -1}; false after the last one. */
struct slot_reference {
	int prog;      /* index in p->progs */
	uint32_t insn; /* its index in that program */
	size_t patch;  /* used by slot_next_reference() */
};
bool slot_next_reference(const struct plan *p, int16_t slot, struct slot_reference *r);

/* Whether a call of the step has the value of the slot among its arguments. */
bool step_takes(const struct plan *p, const struct plan_step *s, int16_t slot);

/* The first step that a fallback, or one that undoes it, stands in for; i itself for others. */
size_t step_root(const struct plan *p, size_t i);

#endif

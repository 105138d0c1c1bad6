/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What tracepoints, kprobes and uprobes have in common: the hook is a perf event, and the program
 * hangs on it.
 */
#ifndef SONDE_HOOK_PERF_H
#define SONDE_HOOK_PERF_H

#include "hook.h"

/* Reads the number in a file (path relative to the file system, see kfs.h) into a new slot.
 * hint: what to do when the file is not there. Returns the slot. */
int16_t perf_read_number(struct planner *b, const struct hook_use *use, uint32_t file_system,
	const char *path, const char *what, const char *hint);

/* Opens a perf event on all CPUs, not counting, into a new slot; *step is the step, whose attr the
 * caller completes before it calls perf_attach(). */
int16_t perf_open(struct planner *b, const struct hook_use *use, int16_t *step);

/* Completes the attr of such a step for the tracepoint whose number is in slot id. */
void perf_tracepoint(struct planner *b, int16_t step, int16_t id);

/*
 * Attaches the program to the perf event in `slot` and switches it on: a link (5.15), else the
 * ioctl (4.1). Either lasts as long as its descriptors.
 */
void perf_attach(struct planner *b, const struct hook_use *use, int16_t slot);

/* By a perf event: since 5.15 with a link. */
extern const struct hook_method perf_methods[];

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Hooks that are perf events: tracepoints, kprobes, uprobes, samples. */
#ifndef SONDE_HOOK_PERF_H
#define SONDE_HOOK_PERF_H

#include "hook.h"

/* Adds a step that reads the number in a file (path relative to the kernel file system, see kfs.h)
 * into a new slot. hint: what to do if the file does not exist. Returns the slot. */
int16_t perf_read_number(struct plan_builder *b, const struct hook_use *use, uint32_t file_system,
	const char *path, const char *what, const char *hint);

/* Adds a step that opens a perf event for all processes. The caller completes the attr of *step
 * before it calls perf_attach(). Returns the slot of the event. */
int16_t perf_open(struct plan_builder *b, const struct hook_use *use, int16_t *step);

/* Completes the attr of such a step for the tracepoint whose id is in slot `id`. */
void perf_tracepoint(struct plan_builder *b, int16_t step, int16_t id);

/* Attaches the program to a perf event (slot) and enables it: with a link (5.15), else the ioctl
 * (4.1). Both are released with their descriptors. */
void perf_attach(struct plan_builder *b, const struct hook_use *use, int16_t event);

/* The steps of perf_attach(), for hooks that add others between them. perf_set_bpf() is the ioctl,
 * a fallback for step `fallback_for` (PLAN_NONE: always tried). All are skipped while the event's
 * slot is empty. perf_link() returns its step. */
int16_t perf_link(
	struct plan_builder *b, const struct hook_use *use, int16_t event, int16_t link_slot);
void perf_set_bpf(struct plan_builder *b, const struct hook_use *use, int16_t event,
	int16_t link_slot, int16_t fallback_for);
void perf_enable(struct plan_builder *b, const struct hook_use *use, int16_t event);

/* Methods of hooks that use perf_attach(). */
extern const struct hook_method perf_methods[];

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Creates kprobes and uprobes. Since 4.17 each kind has a perf event source (PMU) whose type is in
 * sysfs. Older kernels create a probe when a line is appended to a file of tracefs:
 *
 *     p:sonde/NAME vfs_read+16       r:sonde/NAME /usr/bin/bash:0x1234       -:sonde/NAME
 *
 * "p" probes the entry of a function, "r" its return. The probe is then a tracepoint,
 * events/sonde/NAME, which is opened like any other. It outlives the process: a step that undoes the
 * line removes it with "-".
 *
 * NAME is PROGRAM_STEP_NUMBER. The step distinguishes the probes of a plan, the number (STEP_UNIQUE)
 * its runs, because a saved plan may run twice at the same time. Names must be unique from the start:
 * for a name in use, some kernels replace the probe and others add a second location to it.
 */
#ifndef SONDE_HOOK_PROBE_H
#define SONDE_HOOK_PROBE_H

#include "perf.h"

struct probe_kind {
	const char *type;  /* file in sysfs with the type of the perf event source */
	const char *lines; /* file in tracefs: kprobe_events, uprobe_events */
	const char *none;  /* hint for kernels that have neither */
};

/* The steps that choose between the two methods. */
struct probe_source {
	const struct probe_kind *kind;
	int16_t step;   /* reads the type of the perf event source */
	int16_t type;   /* slot: this type */
	int16_t number; /* slot: unique number, empty if there is a source; PLAN_NONE: no lines */
};

/* Adds these steps. file: the file or function that lines would name; without white space or '#', or
 * there is no fallback to lines. */
struct probe_source probe_source(struct plan_builder *b, const struct hook_use *use,
	const struct probe_kind *kind, const char *file);

/* A line that creates a probe. Strings are static or from the plan's arena. */
struct probe_line {
	int16_t open; /* the step that opens the same probe by the perf event source */
	bool is_return;
	const char *place;    /* "vfs_read+16", "/usr/bin/bash:0x1234" */
	const char *function; /* kernel function, or NULL */
	const char *invalid;  /* hint for EINVAL, or NULL */
};

/* Adds the fallback for kernels without the perf event source: fills the slot of lines[0].open. Each
 * of the n lines is tried if the kernel does not know the place of the previous one. */
void probe_add_lines(struct plan_builder *b, const struct hook_use *use,
	const struct probe_source *source, const struct probe_line *lines, size_t n);

#endif

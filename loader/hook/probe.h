/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where probes come from: kprobes and uprobes each have a perf event source of their own (4.17),
 * whose number is in sysfs. Older kernels make a probe of a line that is appended to a file of
 * tracefs:
 *
 *     p:sonde/NAME vfs_read+16       r:sonde/NAME /usr/bin/bash:0x1234       -:sonde/NAME
 *
 * "p" is the entry of a function, "r" its return; then there is a tracepoint events/sonde/NAME, to
 * be opened as any other, until "-" removes it: at the end, and by a step, for the kernel doesn't.
 *
 * Rule for names: PROGRAM_STEP_NUMBER. The step tells the probes of a plan apart, the number its
 * runs (STEP_UNIQUE), as a saved plan may be run twice at once. The kernel can't be asked whether a
 * name is free: some replace what has it, and some give it a second place.
 */
#ifndef SONDE_HOOK_PROBE_H
#define SONDE_HOOK_PROBE_H

#include "perf.h"

struct probe_kind {
	const char *type;  /* file in sysfs with the number of the perf event source */
	const char *lines; /* file in tracefs that takes lines: kprobe_events, uprobe_events */
	const char *none;  /* what to do on kernels that have neither */
};

/* The steps that find out which of both it is to be. */
struct probe_source {
	const struct probe_kind *kind;
	int16_t step;   /* reads the number of the perf event source */
	int16_t type;   /* slot with that number */
	int16_t number; /* slot, filled where there is no such source; PLAN_NONE: no lines */
};

/* file: what the lines are to name, which not every file can be; any name of a function can. */
struct probe_source probe_source(struct planner *b, const struct hook_use *use,
	const struct probe_kind *kind, const char *file);

/* A line that makes a probe. */
struct probe_line {
	int16_t open; /* the step that opens the probe where the perf event source is there */
	bool is_return;
	const char *place;    /* "vfs_read+16", "/usr/bin/bash:0x1234" */
	const char *function; /* of the kernel, or NULL */
	const char *invalid;  /* what to do after EINVAL, or NULL */
};

/* Adds what fills the slot of lines[0].open where there is no perf event source. Each of the n
 * lines is tried when the kernel doesn't know the place of the one before. */
void probe_add_lines(struct planner *b, const struct hook_use *use,
	const struct probe_source *source, const struct probe_line *lines, size_t n);

#endif

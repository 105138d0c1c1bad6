/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What uprobes and USDT have in common: they go to places in a file that processes run, and perhaps
 * only to those of one process.
 *
 *     FILE:WHAT        in the section name; WHAT of a USDT is PROVIDER:NAME
 *     FILE:WHAT@PID    with --on; each part that is left out is taken from the section name:
 *     FILE  :WHAT  @PID  FILE@PID
 */
#ifndef SONDE_HOOK_USER_H
#define SONDE_HOOK_USER_H

#include "loader/symbols/symbols.h"
#include "probe.h"

struct user_target {
	const char *what;    /* behind the file */
	const char *path;    /* of the file, absolute */
	const char *found;   /* how it was found if the name did not say it, or NULL */
	int32_t pid;         /* 0: every process */
	struct symbols file; /* open until user_target_close() */
};

/* One place that gets a probe. */
struct user_place {
	uint64_t offset; /* in the file */
	/* byte of the file with the counter of those who watch, 0 none (4.20) */
	uint64_t semaphore;
	bool is_return;
};

/*
 * Reads section name and --on, finds the file, opens it. parts: how many parts between colons WHAT
 * has. Reports what is wrong through the planner. Its memory is the plan's.
 */
bool user_target_open(
	struct planner *b, const struct hook_use *use, unsigned parts, struct user_target *t);
void user_target_close(struct user_target *t);

/* How a probe of one place is attached. */
extern const struct hook_method user_place_methods[];

/* Where probes for places of the file come from. */
struct probe_source user_place_source(
	struct planner *b, const struct hook_use *use, const struct user_target *t);

/* Adds the steps that open a perf event for a place; returns its slot. */
int16_t user_place_probe(struct planner *b, const struct hook_use *use, const struct user_target *t,
	const struct probe_source *source, const struct user_place *place, const char *note);

#endif

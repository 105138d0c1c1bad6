/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Uprobes and USDT probes: places in an executable file, for all processes that run it or for one.
 *
 *     FILE:WHAT        in the section name; WHAT of a USDT probe is PROVIDER:NAME
 *     FILE:WHAT@PID    with --on; parts that are omitted default to those of the section name:
 *     FILE  :WHAT  @PID  FILE@PID
 */
#ifndef SONDE_HOOK_USER_PLACE_H
#define SONDE_HOOK_USER_PLACE_H

#include "loader/symbols/symbols.h"
#include "probe.h"

struct user_target {
	const char *what;    /* WHAT */
	const char *path;    /* of the file, absolute */
	const char *found;   /* how it was found if that is not obvious from the name, or NULL */
	int32_t pid;         /* 0: all processes */
	struct symbols file; /* open until user_target_close() */
};

/* One place to probe. */
struct user_place {
	uint64_t offset;    /* in the file */
	uint64_t semaphore; /* file offset of the USDT semaphore (4.20), 0: none */
	bool is_return;
};

/*
 * Parses the section name and the target argument (untrusted), finds the file and opens it. parts:
 * number of parts in WHAT, separated by colons. Memory is from the plan's arena. Returns false with
 * the planner failed.
 */
bool user_target_open(
	struct plan_builder *b, const struct hook_use *use, unsigned parts, struct user_target *t);
void user_target_close(struct user_target *t);

/* Methods of attaching to one place. */
extern const struct hook_method user_place_methods[];

/* The source of uprobes for places in the file, see probe.h. */
struct probe_source user_place_source(
	struct plan_builder *b, const struct hook_use *use, const struct user_target *t);

/* Adds the steps that open a perf event for a place. Returns its slot. */
int16_t user_place_probe(struct plan_builder *b, const struct hook_use *use,
	const struct user_target *t, const struct probe_source *source,
	const struct user_place *place, const char *note);

#endif

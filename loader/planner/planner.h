/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * From an image to a plan: types, maps and their contents, programs, attachments, in this order.
 * Kernels older than what a call needs are served by steps that stand in (see plan.h).
 */
#ifndef SONDE_PLANNER_H
#define SONDE_PLANNER_H

#include "elf/link/link.h"
#include "loader/plan/plan.h"
#include "loader/kernel/target.h"

struct record_finder;

/* What a user may decide. only: names of the programs wanted; n_only 0: all that are not marked
 * optional. */
struct plan_options {
	const char *const *on; /* "PROG=TARGET" or "TARGET": interface, cgroup, ... (see hook.h) */
	size_t n_on;
	const char *const *only;
	size_t n_only;
	const char *const *events; /* "MAP=STRUCT": the type of a map's records */
	size_t n_events;
	const char *const *entries; /* "MAP=NUMBER": max_entries, whatever the object says */
	size_t n_entries;
	bool show;         /* a plan to look at: what --on would have to say may be missing */
	bool load_only;    /* no program is attached */
	const char *pin;   /* a folder of a bpf file system: all maps and programs are pinned there,
	                    as map/NAME and prog/NAME, and stay; NULL: nothing is */
	const char *token; /* a bpf file system that delegates rights (6.9), or NULL */
	/* Finds the types of records, for showing them (elf/records/records.h); NULL: they are not
	 * shown. */
	const struct record_finder *records;
	struct link_watch watch;
};

/*
 * Builds the plan of an image. Everything the plan needs is copied to a, so that the object may go.
 * Fails on a section name without hook, on a target the hook can't read, on a helper that the
 * license forbids, on map definitions that no kernel takes.
 */
bool plan_build(struct plan *p, const struct image *image, const struct plan_options *opt,
	struct target *t, struct arena *a, struct err *e);

/*
 * All of it: object bytes to plan. path: for messages. A name in only that the object does not
 * have is an error.
 */
bool plan_object(struct plan *p, const char *path, struct span bytes,
	const struct plan_options *opt, struct target *t, struct arena *a, struct err *e);

#endif

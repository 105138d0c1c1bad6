/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The library: all that the command line needs, and other programs too.
 *
 *     struct sonde s;
 *     struct plan plan;
 *     struct exec live;
 *     struct err e = {0};
 *     const char *log;
 *
 *     if (sonde_open(&s, NULL, &e) &&                               this kernel
 *         sonde_plan(&s, &plan, "x.bpf.o", &(struct plan_options){0}, &e) &&
 *         exec_run(&live, &plan, &s.arena, &s.kfs, NULL, NULL, &log, &e)) {
 *             ... everything is attached; exec_fd() gives descriptors, watch_run() shows it
 *             exec_close(&live);                                    everything is gone
 *     }
 *     sonde_close(&s);
 */
#ifndef SONDE_H
#define SONDE_H

#include "loader/show/clean.h"
#include "loader/kernel/exec.h"
#include "loader/explain/hook_list.h"
#include "loader/explain/inspect.h"
#include "loader/detach/stale.h"
#include "loader/kernel/live_map.h"
#include "loader/show/map_view.h"
#include "loader/plan/plan.h"
#include "loader/planner/planner.h"
#include "loader/explain/plan_text.h"
#include "loader/explain/kernel_error.h"
#include "loader/explain/diagnostics.h"
#include "loader/plan/save.h"
#include "loader/kernel/target.h"
#include "loader/symbols/type_source.h"
#include "loader/show/type_list.h"
#include "loader/explain/verifier_hint.h"
#include "loader/show/watch.h"

#define SONDE_VERSION "0.1.0"

/* What lasts for one run: memory, kernel file systems, the kernel that plans are made for. */
struct sonde {
	struct arena arena;
	struct kfs kfs;
	struct target target;
	struct sys_watch watch; /* filled by the caller, may be changed at any time */
};

/* target_dir: NULL for the running kernel, else a folder (see target.h). */
bool sonde_open(struct sonde *s, const char *target_dir, struct err *e);

/* Makes a plan out of a file, which is an object or a saved plan. Both live in s->arena. A saved
 * plan that was linked against the types of another kernel than the target is refused; opt->only
 * can't be applied to a saved plan. */
bool sonde_plan(struct sonde *s, struct plan *p, const char *path, const struct plan_options *opt,
	struct err *e);

/*
 * Removes what a process of ours that was killed may have left at a place, where the kernel has no
 * links, and says so to out, a line each. target: an interface, a cgroup's folder, ... (stale.h).
 * Programs that others may have attached as well are listed there (*listed); id names the one that
 * is to go, 0: none. report: told of every step, or NULL.
 */
bool sonde_leftovers(struct sonde *s, const char *target, uint32_t id,
	const struct exec_report *report, FILE *out, bool *listed, struct err *e);

void sonde_close(struct sonde *s);

#endif

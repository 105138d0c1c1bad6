/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Showing what a live plan finds: `sonde run` decides here what is worth showing.
 *
 *   records of ring buffers       as they arrive, in columns by their type
 *   lines of bpf_printk           those that can come from this plan's programs
 *   maps                          those asked for; or all, when there is neither of the above
 */
#ifndef SONDE_WATCH_H
#define SONDE_WATCH_H

#include "loader/kernel/exec.h"
#include "loader/symbols/names.h"
#include "typed.h"

#include <stdio.h>

struct watch_options {
	FILE *out;               /* what was found */
	FILE *status;            /* remarks for people; NULL: none */
	bool json;               /* one object a line */
	bool cpus;               /* per-CPU numbers: each CPU's too, not only the sum */
	const char *const *maps; /* maps that were asked for by name */
	size_t n_maps;
	uint32_t every_ms; /* how often maps are shown; 0: 2 s */
	uint32_t for_ms;   /* end after this time; 0: never */
	int stop_fd;       /* readable: end; -1: none */
	/* Called at the start, whenever its time has come, and at the end (end is true): gives the
	 * milliseconds until its next time, 0: never. events: records and lines so far. NULL: none
	 */
	uint32_t (*tick)(void *ctx, uint64_t events, bool end);
	void *tick_ctx;
};

struct table;
struct watch_source;

struct watch {
	const struct exec *x;
	const struct watch_options *opt;
	struct arena *arena;
	struct btf btf;
	bool has_btf;
	struct btf_notes notes;
	struct names names;           /* of addresses */
	struct watch_source *sources; /* what is polled and shown, in the order of the plan */
	size_t n_sources, room;
	const struct watch_source *last; /* whose line was written last */
	const struct table *last_table;  /* and in which columns, if in some */
	uint64_t events;
	unsigned cpus;
	bool done, ending;
};

/* Whether a map of the plan can be shown, for whoever wants to know before anything runs. False
 * with e set when it does not exist (the hint names those that do) or can't be listed. */
bool watch_can_show(const struct plan *p, const char *name, struct err *e);

/*
 * Makes everything ready: buffers mapped, tables laid out. x and opt must outlive w; memory from a.
 * Fails when a map in opt->maps does not exist (the hint names those that do) or can't be listed.
 */
bool watch_open(struct watch *w, const struct exec *x, struct arena *a,
	const struct watch_options *opt, struct err *e);

/* Shows until the time is over, stop_fd speaks or nobody reads opt->out any more; what is in the
 * buffers then is still shown, maps once more. */
bool watch_run(struct watch *w, struct err *e);

void watch_close(struct watch *w);

#endif

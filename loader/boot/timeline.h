/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A boot as a drawing: which program ran when, when modules were loaded, and how many files were opened. It is made
 * from records with the members that those of progs/boot/boot.bpf.c have: event, pid, comm, name.
 */
#ifndef SONDE_TIMELINE_H
#define SONDE_TIMELINE_H

#include "replay.h"

/* A program from its exec to its exit, or to the next exec of its process. */
struct timeline_bar {
	uint64_t start_ns, end_ns;
	uint32_t pid, opens; /* files that it has opened */
	bool ended;          /* else it ran until the end of the recording */
	const char *comm;    /* as it was called at the end */
	const char *file;    /* that was executed */
};

struct timeline_mark {
	uint64_t time_ns;
	const char *name;
};

struct timeline {
	struct timeline_bar *bars; /* by start */
	struct timeline_mark *modules;
	uint64_t *opens; /* their times */
	size_t n_bars, n_modules, n_opens;
	uint64_t start_ns, end_ns; /* since boot; end_ns is greater */
};

/* Memory from r->arena. False with e set, also if there are no such records. */
bool timeline_make(struct timeline *t, const struct replay *r, struct err *e);

/* Chooses at most n bars, those that took longest: those from *shortest_ns on, and how many of exactly that
 * length. */
struct timeline_choice {
	uint64_t shortest_ns;
	size_t equal, shown;
};
struct timeline_choice timeline_choose(const struct timeline *t, size_t n, struct arena *a);

/* Whether a bar is chosen; for all bars, in their order. */
bool timeline_next(struct timeline_choice *c, const struct timeline_bar *b);

/* Counts the times in each of n equal parts of the timeline. */
void timeline_density(
	const struct timeline *t, const uint64_t *times, size_t n_times, uint32_t *parts, size_t n);

/* Draws it with characters, in `width` columns (at least 60), with at most `rows` programs. Text is cleaned by the
 * caller's stream. */
bool timeline_text(const struct timeline *t, unsigned width, size_t rows, struct arena *a,
	FILE *out, struct err *e);

/* Draws it as SVG, with at most `rows` programs. */
bool timeline_svg(const struct timeline *t, size_t rows, struct arena *a, FILE *out, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The event loop of `sonde run`: shows what a running plan produces.
 *
 *   records of ring buffers       as they arrive, in columns according to their type
 *   lines of bpf_printk           those that this plan's programs can have written
 *   text of iterators             cleaned, each time from the beginning
 *   maps                          those requested by name, or all if there is none of the above
 *
 * Maps alone are shown in place if opt->out is a terminal (screen.h): the keys are q, space and s.
 *
 * With options.folded, the stacks in maps and records are counted and written at the end, and nothing
 * else is shown. With options.json, docs/json.md describes the lines. All names and bytes are untrusted.
 */
#ifndef SONDE_WATCH_H
#define SONDE_WATCH_H

#include "loader/kernel/cpus.h"
#include "loader/kernel/exec.h"
#include "loader/sandbox/needs.h"
#include "loader/symbols/names.h"
#include "screen.h"
#include "stack_fold.h"

#include <stdio.h>

struct watch_options {
	FILE *out;    /* data */
	FILE *status; /* messages for people; NULL: none */
	bool json;    /* one JSON object per line */
	bool folded;  /* only stacks, in folded format, at the end; not with json */
	const struct row_filter *where; /* which records and entries of maps; NULL: all */
	const char *fields;             /* of records, as in table_make(); NULL: all */
	bool cpus;                      /* per-CPU numbers: one column per CPU, besides the sum */
	const char *const *maps;        /* maps requested by name */
	size_t n_maps;
	uint32_t every_ms; /* interval between maps; 0: 2 s */
	uint32_t for_ms;   /* stop after this time; 0: never */
	int stop_fd;       /* stop when readable; -1: none */
	int end_fd;        /* the same, of a process that is followed */
	/* Where the numbers of maps go as metrics, instead of being shown: a file that is replaced each
	 * every_ms, or a socket that listens (listener.h). NULL, -1: nowhere. */
	const char *metrics_file;
	int metrics_fd;
	/* The path of out, which is renamed to PATH.1 and made again when it has so many bytes; 0: never. */
	const char *output;
	uint64_t rotate_bytes;
	/* Called at the start, when its time has come, and at the end (end is true). Returns the
	 * milliseconds until the next call, 0 for none. events: records and lines so far. May be
	 * NULL. */
	uint32_t (*tick)(void *ctx, uint64_t events, bool end);
	void *tick_ctx;
};

struct pollfd;
struct table;
struct watch_source;

struct watch {
	struct exec *x; /* changes with the CPUs that are online */
	const struct watch_options *opt;
	struct arena *arena;
	struct btf btf;
	bool has_btf;
	struct btf_meanings meanings;
	struct names names;           /* of addresses and stacks */
	struct watch_source *sources; /* in the order of the plan */
	size_t n_sources, room;
	struct pollfd *fds;              /* of all sources, and five more */
	const struct watch_source *last; /* the source of the last line */
	const struct table *last_table;  /* the columns it was written in, or NULL */
	struct stack_fold fold;          /* stacks of records, with opt->folded */
	uint64_t events;
	bool where_found, fields_found; /* opt->where, opt->fields suit something that is shown */
	struct err where_error, fields_error; /* why they suit nothing, of the first source */
	unsigned cpus;
	struct cpu_changes cpu_changes; /* if follows_cpus */
	bool follows_cpus;
	struct screen screen; /* if in_place */
	bool in_place;        /* tables replace one another */
	bool paused;
	FILE *out; /* opt->out, or the frame that is being made */
	bool done, ending;
};

/* The first line of a run: "hello: 1 program attached; Ctrl-C to stop". nothing: there is nothing to show.
 * Returns the length of the text, which is cut to size - 1 bytes. */
int watch_attached_text(const struct plan *p, bool nothing, char *buf, size_t size);

/* Can a map of the plan be shown? False with e set if it does not exist (the hint lists those that
 * do) or its type has no entries to list. */
bool watch_can_show(const struct plan *p, const char *name, struct err *e);

/*
 * Maps buffers and prepares tables. x and opt must outlive w; memory from a. False with e set,
 * including when watch_can_show() rejects a map of opt->maps.
 */
bool watch_open(struct watch *w, struct exec *x, struct arena *a, const struct watch_options *opt,
	struct err *e);

/* What showing it will need (enum sandbox_need). From then on, nothing else is tried: an address stays a
 * number where names were not expected. */
unsigned watch_needs(struct watch *w);

/* Runs until the time is over, stop_fd is readable or opt->out has no reader; then shows what is
 * left in the buffers, and maps one last time. False with e set. */
bool watch_run(struct watch *w, struct err *e);

/* Something else has been written to the terminal. */
void watch_interrupted(struct watch *w);

void watch_close(struct watch *w);

#endif

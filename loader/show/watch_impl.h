/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement watch.h. */
#ifndef SONDE_WATCH_IMPL_H
#define SONDE_WATCH_IMPL_H

#include "loader/kernel/perf_buffer.h"
#include "loader/kernel/printk_capture.h"
#include "loader/kernel/trace_pipe.h"
#include "loader/plan/abi.h"
#include "map_view.h"
#include "table.h"
#include "watch.h"

enum source_kind {
	/* Their descriptors poll readable when there is something to show. */
	SOURCE_RING,
	SOURCE_PERF,
	SOURCE_PRINTK,
	/* Read at short intervals. */
	SOURCE_STREAM,
	/* Shown at intervals, or once. */
	SOURCE_MAP,
	SOURCE_ITER,
	/* Not shown: their numbers are metrics. */
	SOURCE_METRICS,
};

/* One thing that is shown. */
struct watch_source {
	enum source_kind kind;
	struct watch *w;
	const struct plan_map *map;   /* NULL: bpf_printk, iterators */
	const struct plan_prog *prog; /* the iterator, or NULL */
	const char *name;             /* of the map or program; "bpf_printk" */
	int fd;                       /* to poll, or of the map or link */
	struct ring ring;
	struct perf_buffer perf;
	struct printk_capture capture;
	struct trace_pipe *pipe;      /* instead of capture on kernels before 5.9, else NULL */
	struct table table;           /* unused for text */
	struct json_label label;      /* of its records in JSON */
	struct stream_lines *streams; /* of prog: stdout, stderr */
	uint8_t *unread;              /* iterators: bytes that are not shown yet */
	struct table *kinds;          /* for records of several types, as map->record_types */
	struct stack_parts *folds;    /* with opt->folded: of `table`, then of `kinds`; else NULL */
	/* maps: the last two snapshots, for the growth of counters */
	struct map_info info;
	struct map_view view;
	struct arena memory[2];
	struct map_entries entries[2];
	uint64_t taken_ns[2];
	unsigned shown; /* how often; the newest snapshot is number (shown - 1) % 2 */
	uint64_t lost;  /* records and lines, as far as known */
	bool stacks;    /* its keys contain ids of stacks */
	bool folded;    /* stacks are all that it shows, in folded format, at the end */
};

static inline bool is_ring(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_RINGBUF;
}

static inline bool is_perf(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

static inline bool is_listable(const struct plan_map *m)
{
	return map_access(m->map_type) != MAP_OPAQUE;
}

/* The types of the object, or NULL. */
const struct btf *watch_types(const struct watch *w);

/* Writes a heading before the first line of a source, and again if another source wrote in between.
 * table: of the records, or NULL. */
void watch_head(struct watch_source *s, const struct table *table);

bool watch_has_kind(const struct watch *w, enum source_kind kind);

/* In JSON, writes the line that precedes a snapshot taken at a time of CLOCK_MONOTONIC:
 * {"snapshot": 1, "of": name, "time_ns": ...}. */
void watch_snapshot(const struct watch_source *s, uint64_t taken_ns);

/* Adds all sources worth showing. */
bool watch_add_sources(struct watch *w, struct err *e);

/* Appends an empty source; NULL with e set if out of memory. Invalidates pointers to the others. */
struct watch_source *watch_add_source(
	struct watch *w, enum source_kind kind, const struct plan_map *map, struct err *e);

/* watch_records.c: ring buffers and perf event arrays */
bool watch_add_ring(struct watch *w, const struct plan_map *map, struct err *e);
/* Binds opt->where to the type of records or, n is 2, of keys and values. If they lack a member, none is shown. */
bool watch_bind(
	struct watch *w, struct row_bound *b, const uint32_t *types, unsigned n, struct err *e);
/* Prepares the display of records of a type; s->label is set. */
bool watch_make_table(struct watch_source *s, struct table *t, uint32_t type, struct err *e);
bool watch_add_perf(struct watch *w, const struct plan_map *map, struct err *e);

/* With opt->folded: finds the stacks in the records of a source, whose tables are made. */
bool watch_find_stacks(struct watch_source *s, struct err *e);

/* Shows a record in the columns of a table, or counts its stacks. */
void watch_show_record(struct watch_source *s, const struct table *table, struct span record);

/* In JSON, writes a line for each record type that was inferred from code. */
void watch_tell_inferred(const struct watch *w);

/* Shows all records in the buffer. Returns their number or -errno. */
long watch_drain_records(struct watch_source *s);

/* watch_printk.c: lines of bpf_printk */
bool watch_add_printk(struct watch *w, struct err *e);
long watch_drain_printk(struct watch_source *s);

/* watch_maps.c: snapshots of maps */
bool watch_add_map(struct watch *w, const struct plan_map *map, struct err *e);
bool watch_show_map(struct watch_source *s, struct err *e);
bool watch_is_stack_map(const struct plan_map *m);

/* Prepares w->names. */
void watch_open_names(struct watch *w);

/* Reads the mappings of processes whose stacks are in maps, in case they exit before they are
 * shown. */
void watch_see_processes(struct watch *w);

/* Records lost according to the map `lost`: by convention (progs/README.md) it holds one number. */
uint64_t watch_counted_losses(const struct watch *w);

/* watch_in_place.c: maps that are shown in place, and the keys for it */

/* Decides whether they are, and takes the keyboard. */
void watch_in_place(struct watch *w);
bool watch_show_frame(struct watch *w, struct err *e);
/* Does what a key asks for; whether a frame is due. */
bool watch_key(struct watch *w);

/* watch_metrics.c: sources that are SOURCE_METRICS */
static inline bool watch_has_metrics(const struct watch *w)
{
	return w->opt->metrics_file || w->opt->metrics_fd >= 0;
}
/* Writes the page; replaces opt->metrics_file by it; answers a request on opt->metrics_fd with it. */
bool watch_metrics(struct watch *w, FILE *out, struct err *e);
bool watch_write_metrics(struct watch *w, struct err *e);
void watch_answer(struct watch *w);

/* watch_rotate.c: begins a new opt->output if it has become too large */
bool watch_rotate(struct watch *w, struct err *e);

/* watch_streams.c: what programs and the kernel write to the streams of programs */
bool watch_add_streams(struct watch *w, struct err *e);
long watch_drain_stream(struct watch_source *s);
/* At the end: what the kernel reports about programs whose streams are not shown. */
void watch_tell_reports(struct watch *w);

/* watch_losses.c: what is missing from the output */

/* n more records or lines of this source were lost; 0: nothing happens. Reported at once in JSON,
 * with the total at the end otherwise. */
void watch_lost(struct watch_source *s, uint64_t n);

/* At the end: tells all losses, also those that are known only then. */
void watch_tell_losses(const struct watch *w);

/* watch_cpus.c: CPUs that come and go */
bool watch_follow_cpus(struct watch *w, struct err *e);
/* Looks which came or went. */
bool watch_see_cpus(struct watch *w, struct err *e);

/* watch_iterators.c: text or records from iterator programs, which are not trusted. In JSON, each line
 * or record is an object; lines of more than 4096 bytes are several. */
bool watch_add_iterators(struct watch *w, struct err *e);
bool watch_show_iterator(struct watch_source *s, struct err *e);

#endif

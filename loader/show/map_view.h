/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Prints a snapshot of a map: as a table for people, as one JSON object per entry for programs.
 *
 *	exec_count: 3 entries
 *	 UID  VALUE
 *	1000     12  +2/s
 *	   0      3
 *
 *  - Hash maps whose (first) value is a counter: largest first. Other maps: by key. A counter is an
 *    unsigned integer of 4 or 8 bytes whose name (that of the member, or of the map if the value is
 *    a number) does not denote a time, a limit or an identifier.
 *  - Arrays: by index; slots that are all zero are counted but not shown. An array of one slot is
 *    one line, "name: value".
 *  - Per-CPU maps: numbers as their total, with `cpus` also one column per CPU (with many CPUs, a
 *    list of those that are not zero); values of several counters as one row of sums, with `cpus`
 *    also one row per CPU; other values as one row per CPU, after one with the sums.
 *  - Distributions by powers of two, as bars: arrays of counters with such a name or tag
 *    (SHOW_AS(log2_us)), and values that contain an array of counts.
 *  - 64-bit keys that are all addresses of kernel functions: by name.
 *  - Maps with the id of a stack in the key: the stacks, heaviest first (stack_view.h).
 *  - Data sections: one line "name = value" per variable.
 *  - Queues and stacks: the next element.
 *  - Maps of programs and of maps: their ids. LPM tries: prefixes, 10.1.0.0/16.
 *  - With an earlier snapshot of the same map: the rate of the counter.
 *
 * Without types, keys and values of 1, 2, 4 or 8 bytes are printed as numbers, others as bytes.
 */
#ifndef SONDE_MAP_VIEW_H
#define SONDE_MAP_VIEW_H

#include <stdio.h>

#include "loader/kernel/map_snapshot.h"
#include "metric.h"
#include "table.h"

/* The types of a data section must have the offsets set by linking: in the BTF of an object file
 * all variables are at 0. */
struct map_view {
	const struct map_info *info;   /* info->name is the title */
	const struct btf *btf;         /* NULL: no types */
	uint32_t key_type, value_type; /* 0: unknown */
	unsigned rows;                 /* limit for rows of text; 0: none */
	unsigned width;                /* of the terminal; 0: no limit */
	bool cpus;                     /* show per-CPU numbers besides their sum */
	bool folded;                   /* stacks in folded format, nothing else */
	bool (*stopped)(void);         /* true: no more rows; may be NULL */
	struct row_bound where;        /* which entries, bound to key and value */
	unsigned order;                /* of the rows, see below */
};

/* As described above; by key; by the first, second, ... unsigned number in the value, largest first. */
enum { MAP_BY_DEFAULT, MAP_BY_KEY, MAP_BY_VALUE };

/* How many orders a map has. */
unsigned map_view_orders(const struct map_view *v);

/* Does this type of key contain the id of a stack? */
bool map_view_has_stacks(const struct btf *b, uint32_t key_type);

/* Makes the processes of all entries known to names before they exit. */
void map_view_see_processes(const struct map_view *v, const struct map_entries *now);

/*
 * before: an earlier snapshot, taken elapsed_ns nanoseconds earlier, or NULL. a: memory for this
 * call only. False with e set if out of memory.
 */
bool map_view_text(FILE *out, const struct map_view *v, const struct map_entries *now,
	const struct map_entries *before, uint64_t elapsed_ns, struct arena *a, struct err *e);

/*
 * {"map": name, "key": ..., "value": ...}, one line per entry, in the order of map_view_text() and
 * without its limit of rows. Per-CPU maps: "cpus" has one value per CPU; "value" exists only for
 * integers and is their sum. Queues, stacks and data sections have no "key".
 */
bool map_view_json(FILE *out, const struct map_view *v, const struct map_entries *now,
	struct arena *a, struct err *e);

/* The numbers of the map as metrics (metric.h): counters, gauges, histograms; keys are labels. Nothing for
 * maps without numbers, with stacks, queues. False with e set if out of memory. */
bool map_view_metrics(struct metrics *page, const struct map_view *v, const struct map_entries *now,
	struct err *e);

/*
 * Maps of any size in the same memory: as above while the entries fit into MAP_PART bytes. Beyond that,
 *
 *  - map_dump() prints all entries in the order in which the kernel has them, and their number at the end;
 *    columns become wider where they have to.
 *  - map_top() keeps the entries that a table with a limit of rows begins with. Rates are shown for those
 *    that were among them the last time.
 *
 * Stacks and distributions are made of all entries, and maps that the kernel gives key by key
 * (map_read()) are kept as a whole.
 */
enum { MAP_PART = 3 << 15 };

/* How the map is reached, for map_read(). */
struct map_handle {
	const struct sys_watch *watch;
	int fd;
	unsigned cpus;
};

/* Prints all entries of the map v->info, as text or as JSON. a: memory for this call only. */
bool map_dump(FILE *out, const struct map_view *v, const struct map_handle *m, bool json,
	struct arena *a, struct err *e);

/* Reads the entries for map_view_text() with this v; all of them, if v->rows is 0. They are allocated from
 * a. */
bool map_top(const struct map_view *v, const struct map_handle *m, struct map_entries *out,
	struct arena *a, struct err *e);

/* ---- how map_view_text() would show a map, for those who show it by other means ---- */

enum map_form {
	MAP_FORM_TABLE,     /* a row for each entry */
	MAP_FORM_VALUE,     /* one line: its only value */
	MAP_FORM_VARIABLES, /* a line for each variable of a data section */
	MAP_FORM_OTHER,     /* map_layout.other tells which */
};

enum map_column_of { MAP_COLUMN_KEY, MAP_COLUMN_VALUE, MAP_COLUMN_SUM };

struct map_column {
	enum map_column_of of;
	const struct table_col *col;
	const char *head;
	bool right;
};

struct map_layout {
	enum map_form form;
	const char *other; /* "stacks" */
	struct table key, value;
	bool indexed; /* an array: in the order of keys, without slots that are zero */
	bool has_ids; /* values are ids of programs or maps */
	bool percpu;  /* values are sums over all CPUs */
	bool untyped_key, untyped_value; /* numbers */
	const struct table_col *counter; /* the largest first; NULL: by key */
	struct map_column columns[2 * TABLE_COLS];
	unsigned n;
};

/* Lays out the map v->info. Memory from a. False with e set if out of memory. */
bool map_layout_make(
	struct map_layout *l, const struct map_view *v, struct arena *a, struct err *e);

#endif

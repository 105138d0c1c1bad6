/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shows a snapshot of a map: as a table for people, as one JSON object an entry for machines.
 *
 *	exec_count: 3 entries
 *	 UID  VALUE
 *	1000     12  +2/s
 *	   0      3
 *
 * What is shown how:
 *  - Hash maps whose (first) value is a counter: largest first. Other maps: by key. A counter is an
 *    unsigned integer of 4 or 8 bytes whose name (of the member, or of the map when the value is
 * just a number) does not speak of times, limits or identifiers.
 *  - Arrays: by index; slots that are all zero are left out and counted. An array of one slot is
 * one line, "name: value".
 *  - Per-CPU maps: numbers as their total, with `cpus` also one column a CPU (with many CPUs a list
 *    of those that are not zero); values of several counters as one row with the sums, with `cpus`
 *    also one for each CPU; other values as one row for each CPU, after one with the sums.
 *  - Distributions by powers of two, as bars: arrays of counters that are called so or tagged
 *    (SHOW_AS(log2_us)), and values that have an array of counts in them.
 *  - Keys of 64 bits that are addresses of the kernel's functions, all of them: by their names.
 *  - Maps with the id of a stack in the key: the stacks, heaviest first (stack_view.h).
 *  - Data sections: one line "name = value" for each variable.
 *  - Queues and stacks: the element that would be taken next.
 *  - Maps of programs and of maps: their ids. LPM tries: prefixes, 10.1.0.0/16.
 *  - With an earlier snapshot of the same map: how much the counter grows a second.
 * Without types, keys and values of 1, 2, 4 or 8 bytes are taken for numbers, others shown as
 * bytes.
 */
#ifndef SONDE_MAP_VIEW_H
#define SONDE_MAP_VIEW_H

#include <stdio.h>

#include "loader/kernel/map_snapshot.h"
#include "table.h"

/* The types of a data section must have the offsets that linking puts in: in the BTF of an object
 * file the variables all stand at 0. */
struct map_view {
	const struct map_info *info;   /* info->name is the title */
	const struct btf *btf;         /* NULL: no types */
	uint32_t key_type, value_type; /* 0: unknown */
	unsigned rows;                 /* at most so many rows of text; 0: all */
	unsigned width;                /* columns of the terminal; 0: long lines are not cut */
	bool zeros;                    /* show the slots of arrays that are all zero, too */
	bool cpus;                     /* per-CPU numbers: each CPU's too, not only the sum */
	bool folded; /* stacks one a line, for programs that draw them; nothing else but them */
};

/* Does each entry of a map with this type of key belong to a stack? */
bool map_view_has_stacks(const struct btf *b, uint32_t key_type);

/* Lets those who know names see the processes of all entries, before these end. */
void map_view_see_processes(const struct map_view *v, const struct map_entries *now);

/*
 * before: an earlier snapshot, taken elapsed_ns nanoseconds before now, or NULL. a: memory for this
 * call only. False when that is short.
 */
bool map_view_text(FILE *out, const struct map_view *v, const struct map_entries *now,
	const struct map_entries *before, uint64_t elapsed_ns, struct arena *a, struct err *e);

/*
 * {"map": name, "key": ..., "value": ...}, one line an entry: those of the text in the same order,
 * without its limit of rows. Per-CPU maps: "cpus" has one value for each CPU; "value" is there only
 * for integers and is their sum. Queues, stacks and data sections have no "key".
 */
bool map_view_json(FILE *out, const struct map_view *v, const struct map_entries *now,
	struct arena *a, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Numbers in the text form that Prometheus reads (exposition format 0.0.4):
 *
 *	# HELP exec_count_total map exec_count of execcount
 *	# TYPE exec_count_total counter
 *	exec_count_total{object="execcount",uid="1000"} 12
 *
 * A family of metrics has the name of the map, of the member, and what the format asks for: `_total` for
 * counters, `_seconds` for times, which are converted. Characters that a name may not have become '_';
 * a name that is taken gets one more. No name and no text is trusted.
 */
#ifndef SONDE_METRIC_H
#define SONDE_METRIC_H

#include "elf/base/arena.h"
#include "loader/value/typed_shape.h"

#include <stdio.h>

enum metric_type { METRIC_GAUGE, METRIC_COUNTER, METRIC_HISTOGRAM };

struct metric_name;

/* A page of metrics. */
struct metrics {
	FILE *out;
	const char *object; /* the label `object` of all */
	struct arena *arena;
	struct metric_name *taken; /* names of families so far */
};

/* One family. */
struct metric {
	struct metrics *page;
	const char *name;
	enum typed_unit unit;
	unsigned labels; /* of the sample that is being written */
};

/* Begins a family. what: of what kind `map` is, for people: "map". map, member: its name; member may be
 * "". unit: of its values. False if out of memory; nothing is written then. */
bool metric_begin(struct metrics *page, struct metric *m, const char *what, const char *map,
	const char *member, enum metric_type type, enum typed_unit unit);

/* Begins a counter of sonde itself, "sonde_NAME_total". */
bool metric_begin_own(struct metrics *page, struct metric *m, const char *name, const char *help);

/* A sample: name, labels, and one value. suffix: "", or "_bucket", "_count" of a histogram. */
void metric_sample(struct metric *m, const char *suffix);
void metric_label(struct metric *m, const char *name, const char *text);
void metric_unsigned(struct metric *m, uint64_t v);
void metric_signed(struct metric *m, int64_t v);

/* The label `le` of a bucket with values up to v. */
void metric_up_to(struct metric *m, uint64_t v);

#endif

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A view of a map in the making: what the files mapview*.c share. */
#ifndef SONDE_MAPVIEW_IMPL_H
#define SONDE_MAPVIEW_IMPL_H

#include "map_view.h"

enum { COLS = 3 * TABLE_COLS };

enum what {
	KEY,
	VALUE,  /* of the row's CPU */
	SUM,    /* of all CPUs */
	ON_CPU, /* of the column's CPU */
	CPUS,   /* a list of all CPUs that are not zero */
	WHICH,  /* the number of the row's CPU */
	RATE,
};

struct column {
	enum what what;
	const struct table_col *col; /* of KEY to ON_CPU, RATE */
	const char *head;
	unsigned cpu;
	bool right;
	bool wraps; /* begins a line below that of the columns before it */
	size_t width;
};

enum { ALL_CPUS = -1 };

struct row {
	const struct view *view;
	size_t entry;
	int cpu;         /* ALL_CPUS: the row of the sums */
	uint64_t number; /* to order by */
};

struct view {
	const struct mapview *v;
	const struct map_entries *now, *before;
	uint64_t elapsed;
	struct arena *a;
	enum map_access access;
	struct table key, value;
	const struct table_col *counter; /* of value; NULL: none */
	bool by_counter;
	struct column columns[COLS];
	unsigned n_columns;
	struct row *rows;
	size_t n_rows, hidden; /* hidden: slots that are zero */
};

/* The name of a map, or of a column, as it may be written to a terminal. */
void view_name(FILE *out, const char *name);

/* What stands in a column of a row. */
void view_cell(struct typed_out *o, const struct row *r, const struct column *c);

/* A column of an entry's value, added up over all CPUs. */
uint64_t view_sum(
	const struct view *w, const struct map_entries *s, const struct table_col *c, size_t entry);

/* The order of two rows by their keys, as strcmp(). */
int view_by_key(const struct row *x, const struct row *y);

/* Tells those who know names the process of an entry, by its key or else its value; false: none. */
bool view_process(const struct mapview *v, const struct map_entries *s, size_t entry);

/* The view as stacks, when its keys have some (mapview_has_stacks()). */
bool view_stacks(FILE *out, const struct view *w, struct err *e);

/* The view as distributions; *done false: it has none, and nothing was written. */
bool view_distributions(FILE *out, const struct view *w, bool *done, struct err *e);

#endif

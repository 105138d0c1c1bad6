/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement map_view.h. */
#ifndef SONDE_MAP_VIEW_IMPL_H
#define SONDE_MAP_VIEW_IMPL_H

#include "json_row.h"
#include "loader/value/value.h"
#include "map_view.h"

struct histogram;

enum {
	COLS = 3 * TABLE_COLS,
	CELL_MIN = 8,            /* width of text, however narrow the terminal is */
	RATE_MIN_NS = 100000000, /* no rates for a shorter time */
};

enum what {
	KEY,
	VALUE,  /* on the row's CPU */
	SUM,    /* over all CPUs */
	ON_CPU, /* on the column's CPU */
	CPUS,   /* a list of the CPUs whose value is not zero */
	WHICH,  /* the row's CPU */
	RATE,
};

struct column {
	enum what what;
	const struct table_col *col; /* for KEY to ON_CPU, RATE */
	const char *head;
	unsigned cpu;
	bool right;
	bool wraps; /* begins a new line */
	size_t width;
};

enum { ALL_CPUS = -1 };

struct row {
	const struct view *view;
	size_t entry;
	int cpu;         /* or ALL_CPUS for the row of sums */
	uint64_t number; /* sort key */
};

struct view {
	const struct map_view *v;
	const struct map_entries *now, *before;
	uint64_t elapsed;
	struct arena *a;
	enum map_access access;
	struct table key, value;
	const struct table_col *counter; /* a column of value, or NULL */
	const struct table_col *order;   /* the column of value to sort by, or NULL: by key */
	struct column columns[COLS];
	unsigned n_columns;
	struct row *rows;        /* those that are shown, in order */
	size_t n_rows, all_rows; /* all_rows: also those beyond the limit */
	size_t hidden;           /* slots that are zero */
	bool unsorted;           /* rows are in the order of the entries */
};

/* Prints the name of a map or column, escaping control characters. */
void view_name(FILE *out, const char *name);

/* Writes the content of a cell. */
void view_cell(struct typed_out *o, const struct row *r, const struct column *c);

/* The sum of a column of an entry's value over all CPUs. */
uint64_t view_sum(const struct map_entries *s, const struct table_col *c, size_t entry);

/* Compares two rows by key, as strcmp(). */
int view_by_key(const struct row *x, const struct row *y);

/* Makes the process in the key, else in the value, the current one for names; false if there is
 * none. */
bool view_process(const struct map_view *v, const struct map_entries *s, size_t entry);

/* Prints the view as stacks, if map_view_has_stacks(). */
bool view_stacks(FILE *out, const struct view *w, struct err *e);

/* Whether the whole map is one distribution; its counts. */
bool view_histogram(const struct view *w, enum typed_unit *unit);
void view_read_histogram(const struct view *w, struct histogram *h);

/* Finds the member of a value that holds counts, by tag or name; the counts of an entry. */
bool view_slots(const struct view *w, struct typed_field *slots, enum typed_unit *unit);
void view_read_slots(
	const struct view *w, size_t entry, struct typed_field slots, struct histogram *h);

/* Prints the view as distributions; *done is false if it has none. */
bool view_distributions(FILE *out, const struct view *w, bool *done, struct err *e);

/* Lays out columns and rows, at most `limit` of them (0: all); w must have v, now, before, elapsed and
 * a. */
bool view_prepare(struct view *w, size_t limit, struct err *e);
bool view_make_columns(struct view *w, struct err *e);
bool view_make_rows(struct view *w, size_t limit, struct err *e);

/* Prints the columns and rows. */
void view_table(FILE *out, struct view *w);

/* The same in pieces: the heading, in widths that fit w->rows, and rows, also others than those. */
void view_table_head(FILE *out, struct view *w);
void view_table_rows(FILE *out, struct view *w);

/* Is the view one of all entries together: stacks, or distributions? */
bool view_is_whole(const struct view *w);
bool view_has_distributions(const struct view *w);

/* The rows of the view as JSON, for which view_json_make() prepares row. */
bool view_json_make(struct json_row *row, const struct view *w, struct err *e);
void view_json_rows(FILE *out, const struct view *w, const struct json_row *row);

/* Prints the variables of a data section. */
void view_variables(FILE *out, const struct view *w, const struct typed_shape *s);

/* Does the name of a number say that it is no counter: an instant, a limit, an identifier? */
bool is_no_counter_name(const char *name);

bool view_is_percpu(const struct view *w);
bool view_is_counter(const struct view *w, const struct table_col *c);

/* The n-th column of a value that rows can be sorted by, NULL: there are no more. */
const struct table_col *view_sortable(const struct table *value, unsigned n);

/* Is the value a single number on each CPU? */
bool view_is_plain_number(const struct view *w);

/* Are all values per-CPU counters, so that their sums suffice? */
bool view_only_sums(const struct view *w);

/* Is a value zero, on one CPU or on ALL_CPUS? */
bool view_is_zero(const struct map_entries *s, size_t entry, int cpu);

/* The increase of the counter since the earlier snapshot. A new entry starts at zero. */
uint64_t view_growth(const struct view *w, size_t entry, int cpu);

/* Writes that increase as "+12/s". */
void view_rate_text(struct typed_out *o, const struct view *w, size_t entry, int cpu);

/* Writes one column of a key or value. */
void view_value_text(struct typed_out *o, const struct view *w, const struct table *t,
	const struct table_col *c, struct span record);

/* Writes a cell that is wider than max columns: as much as fits, and "...". */
void view_fit_cell(struct typed_out *out, const struct row *r, const struct column *c, size_t max);

/* Is writing more rows of no use: nobody reads them, or nobody waits for them? */
static inline bool view_stopped(const struct view *w, FILE *out)
{
	return ferror(out) || (w->v->stopped && w->v->stopped());
}

#endif

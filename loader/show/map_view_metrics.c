/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The numbers of a map as metrics. */
#include "map_view_impl.h"

#include "histogram.h"
#include "loader/plan/abi.h"

#include <string.h>

enum { LABEL_ROOM = 256, SERIES_MAX = 10000 /* of a map: what a scrape can take */ };

static const char *name_of(const struct view *w)
{
	return w->v->info->name;
}

/* The name of the label for a column of the key: that of the member, or of its type. */
static void label_name(const struct column *c, char *name, size_t size)
{
	bool member = c->col && strcmp(c->col->name, "value") != 0;
	const char *from = member ? c->col->name : c->head;
	size_t n = 0;
	for (; n < size - 1 && from[n]; n++)
		name[n] = from[n] >= 'A' && from[n] <= 'Z' ? (char)(from[n] + 'a' - 'A') : from[n];
	name[n] = 0;
}

static void key_labels(struct metric *m, const struct view *w, size_t entry)
{
	const struct row row = {.view = w, .entry = entry};
	char name[LABEL_ROOM], text[LABEL_ROOM];
	for (unsigned i = 0; i < w->n_columns && w->columns[i].what == KEY; i++) {
		struct typed_out o = {.buffer = text, .room = sizeof text - 1};
		view_cell(&o, &row, &w->columns[i]);
		text[o.n] = 0;
		label_name(&w->columns[i], name, sizeof name);
		metric_label(m, name, text);
	}
}

/* Whether row i is the first of its entry. */
static bool begins_entry(const struct view *w, size_t i)
{
	return !i || w->rows[i].entry != w->rows[i - 1].entry;
}

static bool is_number(const struct view *w, const struct table_col *c)
{
	uint64_t size = w->value.btf ? c->shape.size : w->now->value_size;
	return (c->kind == TYPED_INT || c->kind == TYPED_TIME || c->kind == TYPED_NONE) &&
	       (size == 1 || size == 2 || size == 4 || size == 8);
}

static bool numbers(struct metrics *page, const struct view *w, const struct table_col *c)
{
	struct metric m;
	const char *member = strcmp(c->name, "value") ? c->name : "";
	enum metric_type type = view_is_counter(w, c) ? METRIC_COUNTER : METRIC_GAUGE;
	enum typed_unit unit = c->kind == TYPED_TIME ? c->shape.unit : UNIT_NONE;
	if (!metric_begin(page, &m, "map", name_of(w), member, type, unit))
		return false;
	for (size_t i = 0; i < w->n_rows; i++) {
		if (!begins_entry(w, i))
			continue;
		uint64_t sum = view_sum(w->now, c, w->rows[i].entry);
		metric_sample(&m, "");
		if (w->access != MAP_INDEX || w->v->info->max_entries > 1)
			key_labels(&m, w, w->rows[i].entry);
		if (c->is_signed)
			metric_signed(&m, (int64_t)sum);
		else
			metric_unsigned(&m, sum);
	}
	return true;
}

/* Slot n counts values up to 2^(n+1) - 1. entry SIZE_MAX: there is no key. */
static void distribution(
	struct metric *m, const struct view *w, size_t entry, const struct histogram *h)
{
	uint64_t sum = 0;
	unsigned used = h->n;
	while (used && !h->slots[used - 1])
		used--;
	for (unsigned i = 0; i <= used; i++) {
		uint64_t up_to = i == used || i >= 63 ? UINT64_MAX : (UINT64_C(2) << i) - 1;
		sum += i < used ? h->slots[i] : 0;
		metric_sample(m, "_bucket");
		if (entry != SIZE_MAX)
			key_labels(m, w, entry);
		metric_up_to(m, up_to);
		struct metric count = *m;
		count.unit = UNIT_NONE;
		metric_unsigned(&count, sum);
	}
	struct metric count = *m;
	count.unit = UNIT_NONE;
	metric_sample(&count, "_count");
	if (entry != SIZE_MAX)
		key_labels(&count, w, entry);
	metric_unsigned(&count, sum);
}

/* Writes the map as distributions; *done is false if it has none. */
static bool distributions(struct metrics *page, const struct view *w, bool *done)
{
	struct metric m;
	struct histogram h;
	struct typed_field slots;
	enum typed_unit unit;
	bool whole = view_histogram(w, &unit);
	*done = whole || (w->now->n && view_slots(w, &slots, &unit));
	if (!*done)
		return true;
	if (!metric_begin(page, &m, "map", name_of(w), "", METRIC_HISTOGRAM, unit))
		return false;
	if (whole) {
		view_read_histogram(w, &h);
		distribution(&m, w, SIZE_MAX, &h);
		return true;
	}
	for (size_t i = 0; i < w->n_rows; i++)
		if (begins_entry(w, i)) {
			view_read_slots(w, w->rows[i].entry, slots, &h);
			distribution(&m, w,
				w->v->info->max_entries > 1 ? w->rows[i].entry : SIZE_MAX, &h);
		}
	return true;
}

/* The variables of a data section that are numbers, each by its own name. */
static bool variables(struct metrics *page, const struct view *w, const struct typed_shape *s)
{
	struct typed_field part;
	const char *name;
	uint64_t v;
	for (uint32_t i = 0; w->now->n && typed_part(s, (struct typed_field){0}, i, &name, &part);
		i++) {
		struct typed_shape shape = typed_field_shape(w->v->btf, part);
		struct metric m;
		bool time = shape.kind == TYPED_TIME;
		if ((shape.kind != TYPED_INT && !time) ||
			!typed_number(w->v->btf, part, map_value(w->now, 0, 0), &v))
			continue;
		if (!metric_begin(page, &m, "variable", name, "", METRIC_GAUGE,
			    time ? shape.unit : UNIT_NONE))
			return false;
		metric_sample(&m, "");
		if (shape.is_signed)
			metric_signed(&m, (int64_t)v);
		else
			metric_unsigned(&m, v);
	}
	return true;
}

bool map_view_metrics(struct metrics *page, const struct map_view *v, const struct map_entries *now,
	struct err *e)
{
	struct view w = {.v = v, .now = now, .a = page->arena};
	struct typed_shape s = typed_shape(v->btf, v->value_type);
	bool done = false;
	if (s.kind == TYPED_SECTION && !map_is_percpu(v->info->type))
		return variables(page, &w, &s) || err_nomem(e);
	if (now->no_values || map_holds(v->info->type) != MAP_HOLDS_VALUES ||
		map_access(v->info->type) == MAP_PEEK || map_view_has_stacks(v->btf, v->key_type))
		return true;
	if (!view_prepare(&w, SERIES_MAX, e))
		return false;
	if (!distributions(page, &w, &done))
		return err_nomem(e);
	for (unsigned i = 0; i < w.value.n && !done; i++)
		if (is_number(&w, &w.value.cols[i]) && !numbers(page, &w, &w.value.cols[i]))
			return err_nomem(e);
	return true;
}

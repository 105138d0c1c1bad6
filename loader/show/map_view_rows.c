/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include <stdlib.h>
#include <string.h>

int view_by_key(const struct row *x, const struct row *y)
{
	const struct view *w = x->view;
	if (w->access == MAP_INDEX)
		return (x->entry > y->entry) - (x->entry < y->entry);
	struct typed_field whole = {.type = w->key.btf ? w->v->key_type : 0};
	struct span a = map_key(w->now, x->entry), b = map_key(w->now, y->entry);
	if (map_key_is_prefix(w->v->info)) {
		int order = memcmp(a.p + PREFIX_BITS, b.p + PREFIX_BITS, a.n - PREFIX_BITS);
		return order ? order : (int)span_u32(a, 0) - (int)span_u32(b, 0);
	}
	return typed_compare(w->key.btf, whole, a, b);
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->number != y->number)
		return x->number > y->number ? -1 : 1;
	int order = x->entry == y->entry ? 0 : view_by_key(x, y);
	if (!order)
		order = (x->entry > y->entry) - (x->entry < y->entry);
	return order ? order : (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

static int last_first(const void *a, const void *b)
{
	return compare_rows(b, a);
}

/* The rows that come first, as a heap whose root comes last of them. */
struct chosen {
	struct view *w;
	size_t limit; /* 0: all, in the order in which they are added */
};

static void sink(struct row *heap, size_t n, struct row row)
{
	size_t i = 0;
	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && compare_rows(&heap[child + 1], &heap[child]) > 0)
			child++;
		if (compare_rows(&heap[child], &row) <= 0)
			break;
		heap[i] = heap[child];
	}
	heap[i] = row;
}

static void choose(const struct chosen *c, struct row row)
{
	struct view *w = c->w;
	w->all_rows++;
	if (!c->limit || w->n_rows < c->limit) {
		w->rows[w->n_rows++] = row;
		if (w->n_rows == c->limit) /* a sorted array is a heap */
			qsort(w->rows, w->n_rows, sizeof *w->rows, last_first);
	} else if (compare_rows(&row, &w->rows[0]) < 0) {
		sink(w->rows, w->n_rows, row);
	}
}

/* Whether an entry is to be shown: a number by its sum, other values if that of any CPU is. */
static bool is_accepted(const struct view *w, size_t entry)
{
	const struct map_entries *s = w->now;
	struct span records[2] = {map_key(s, entry), {0}};
	uint8_t sum[8];
	if (!w->v->where.filter && !w->v->where.rejects)
		return true;
	if (view_is_percpu(w) && view_is_plain_number(w)) {
		uint64_t v = view_sum(s, w->value.cols, entry);
		bytes_put(sum, (unsigned)s->value_size, host_is_big(), v);
		records[1] = (struct span){sum, s->value_size, host_is_big()};
		return row_filter_accepts(&w->v->where, records);
	}
	for (unsigned cpu = 0; cpu < (s->no_values ? 1 : s->cpus); cpu++) {
		if (!s->no_values)
			records[1] = map_value(s, entry, cpu);
		if (row_filter_accepts(&w->v->where, records))
			return true;
	}
	return false;
}

/* One row per entry; for per-CPU values that are not plain numbers also one per CPU. */
bool view_make_rows(struct view *w, size_t limit, struct err *e)
{
	const struct map_entries *s = w->now;
	bool split = view_is_percpu(w) && !view_is_plain_number(w);
	bool sums = false;
	for (unsigned i = 0; i < w->value.n; i++)
		sums |= split && view_is_counter(w, &w->value.cols[i]);
	const struct chosen chosen = {w, limit};
	w->n_rows = w->all_rows = w->hidden = 0;
	size_t each = split ? s->cpus + 1 : 1;
	bool few = !limit || limit / each >= s->n;
	w->rows = few ? arena_array(w->a, s->n, each * sizeof *w->rows)
	              : arena_array(w->a, limit, sizeof *w->rows);
	if (!w->rows)
		return err_nomem(e);
	for (size_t i = 0; i < s->n; i++) {
		if (w->access == MAP_INDEX && s->n > 1 &&
			map_holds(w->v->info->type) == MAP_HOLDS_VALUES &&
			view_is_zero(s, i, ALL_CPUS)) {
			w->hidden++;
			continue;
		}
		if (!is_accepted(w, i))
			continue;
		struct row row = {w, i, split ? ALL_CPUS : 0, 0};
		if (w->order && !w->unsorted)
			row.number = view_sum(s, w->order, i);
		if (!split || sums)
			choose(&chosen, row);
		if (split && view_only_sums(w))
			continue;
		for (row.cpu = 0; split && row.cpu < (int)s->cpus; row.cpu++)
			if (!view_is_zero(s, i, row.cpu) ||
				(!sums && !row.cpu && view_is_zero(s, i, ALL_CPUS)))
				choose(&chosen, row);
	}
	if (!w->unsorted)
		qsort(w->rows, w->n_rows, sizeof *w->rows, compare_rows);
	return true;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "loader/plan/abi.h"
#include "histogram.h"
#include "print.h"

/* Is it an array of counts by powers of two? */
static bool is_slots(const struct btf *b, const struct typed_shape *s)
{
	struct typed_shape element = typed_shape(b, s->t.type);
	uint32_t n = s->t.kind == BTF_ARRAY ? btf_array_len(&s->t) : 0;
	return (s->kind == TYPED_ARRAY || s->kind == TYPED_LOG2) && element.kind == TYPED_INT &&
	       !element.is_signed && element.size >= 4 && n >= HISTOGRAM_MIN && n <= HISTOGRAM_MAX;
}

/* The unit may be in the name of the map. */
bool view_slots(const struct view *w, struct typed_field *slots, enum typed_unit *unit)
{
	const struct btf *b = w->v->btf;
	struct typed_shape s = typed_shape(b, w->v->value_type);
	struct typed_field part;
	const char *name;
	enum typed_unit of_map, of_member;
	bool is_hist = histogram_name(w->v->info->name, &of_map);
	for (uint32_t i = 0;
		s.kind == TYPED_STRUCT && typed_part(&s, (struct typed_field){0}, i, &name, &part);
		i++) {
		struct typed_shape m = typed_field_shape(b, part);
		bool named = histogram_name(name, &of_member) || !strcmp(name, "slots") || is_hist;
		if (!is_slots(b, &m) || (m.kind != TYPED_LOG2 && !named))
			continue;
		*slots = part;
		*unit = m.unit ? m.unit : of_member ? of_member : of_map;
		return true;
	}
	return false;
}

bool view_histogram(const struct view *w, enum typed_unit *unit)
{
	enum typed_unit by_name;
	uint32_t n = w->v->info->max_entries;
	bool named = histogram_name(w->v->info->name, &by_name);
	bool tag = typed_variable(w->v->btf, w->v->info->name, unit) == TYPED_LOG2;
	if (!tag)
		*unit = by_name;
	return w->access == MAP_INDEX && (named || tag) && n >= HISTOGRAM_MIN &&
	       n <= HISTOGRAM_MAX && w->value.n == 1 && w->value.cols->kind == TYPED_INT &&
	       !w->value.cols->is_signed && w->v->info->type != BPF_MAP_TYPE_PROG_ARRAY;
}

static void title_values(FILE *out, const struct view *w, uint64_t total, enum typed_unit unit)
{
	view_name(out, w->v->info->name);
	print(out, ": %" PRIu64 " value%s%s%s\n", total, total == 1 ? "" : "s", unit ? " in " : "",
		typed_unit_name(unit));
}

void view_read_histogram(const struct view *w, struct histogram *h)
{
	*h = (struct histogram){.n = w->v->info->max_entries};
	for (size_t i = 0; i < w->now->n; i++) {
		uint32_t slot = span_u32(map_key(w->now, i), 0);
		if (slot < h->n)
			h->slots[slot] = view_sum(w->now, w->value.cols, i);
	}
}

static void show_histogram(FILE *out, const struct view *w, enum typed_unit unit)
{
	struct histogram h;
	view_read_histogram(w, &h);
	title_values(out, w, histogram_total(&h), unit);
	histogram_print(out, &h, 0, w->v->width);
}

void view_read_slots(const struct view *w, size_t entry, struct typed_field at, struct histogram *h)
{
	struct typed_shape s = typed_field_shape(w->v->btf, at);
	uint64_t size = typed_shape(w->v->btf, s.t.type).size, v;
	*h = (struct histogram){.n = btf_array_len(&s.t)};
	for (unsigned cpu = 0; cpu < w->now->cpus; cpu++)
		for (unsigned i = 0; i < h->n; i++)
			if (typed_number(w->v->btf,
				    (struct typed_field){
					    .type = s.t.type, .bit_off = at.bit_off + i * size * 8},
				    map_value(w->now, entry, cpu), &v))
				h->slots[i] += v;
}

struct key_histogram {
	const struct view *view;
	size_t entry;
	uint64_t total;
	struct histogram h;
};

static int by_total(const void *a, const void *b)
{
	const struct key_histogram *x = a, *y = b;
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	struct row rx = {.view = x->view, .entry = x->entry}, ry = {x->view, y->entry, 0, 0};
	return view_by_key(&rx, &ry);
}

/* "dd: 4 values" */
static void title_key(FILE *out, const struct view *w, const struct key_histogram *k)
{
	const struct row row = {w, k->entry, 0, 0};
	bool several = w->key.n > 1;
	for (unsigned i = 0; i < w->n_columns && w->columns[i].what == KEY; i++) {
		struct typed_out o = {.file = out};
		if (several) {
			fputs(i ? ", " : "", out);
			view_name(out, w->columns[i].head);
			fputc(' ', out);
		}
		view_cell(&o, &row, &w->columns[i]);
	}
	print(out, ": %" PRIu64 " value%s\n", k->total, k->total == 1 ? "" : "s");
}

/* One distribution per key, largest total first. */
static bool show_key_histograms(FILE *out, const struct view *w, struct typed_field slots,
	enum typed_unit unit, struct err *e)
{
	size_t n = w->now->n;
	uint64_t total = 0;
	struct key_histogram *list = arena_array(w->a, n, sizeof *list);
	if (!list)
		return err_nomem(e);
	for (size_t i = 0; i < n; i++) {
		list[i].view = w;
		list[i].entry = i;
		view_read_slots(w, i, slots, &list[i].h);
		list[i].total = histogram_total(&list[i].h);
		total += list[i].total;
	}
	if (n)
		qsort(list, n, sizeof *list, by_total);
	title_values(out, w, total, unit);
	unsigned lines = 0;
	bool lone = w->v->info->max_entries == 1;
	for (size_t i = 0; i < n && list[i].total; i++) {
		if (w->v->rows && lines >= w->v->rows) {
			print(out, "... %zu more\n", n - i);
			break;
		}
		if (!lone)
			title_key(out, w, &list[i]);
		histogram_print(out, &list[i].h, lone ? 0 : 2, w->v->width);
		lines += HISTOGRAM_MIN;
	}
	return true;
}

bool view_has_distributions(const struct view *w)
{
	enum typed_unit unit;
	struct typed_field slots;
	return view_histogram(w, &unit) || (w->now->n && view_slots(w, &slots, &unit));
}

bool view_distributions(FILE *out, const struct view *w, bool *done, struct err *e)
{
	enum typed_unit unit;
	struct typed_field slots;
	*done = true;
	if (view_histogram(w, &unit))
		show_histogram(out, w, unit);
	else if (w->now->n && view_slots(w, &slots, &unit))
		return show_key_histograms(out, w, slots, unit, e);
	else
		*done = false;
	return true;
}

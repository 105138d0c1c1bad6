/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

static void json_record(struct json *j, const struct btf *b, uint32_t type, struct span record)
{
	uint64_t v;
	if (!b && typed_number(NULL, (struct typed_field){0}, record, &v))
		json_uint(j, v);
	else
		typed_json(j, b, (struct typed_field){.type = type}, record);
}

/* Entries that have one value each, and a key of their own, are written by row. */
bool view_json_make(struct json_row *r, const struct view *w, struct err *e)
{
	const struct map_entries *s = w->now;
	const struct json_label label = {"map", w->v->info->name};
	const struct json_source sources[] = {
		{"key", w->key.btf, w->v->key_type, s->key_size, NULL},
		{"value", w->value.btf, w->v->value_type, s->value_size, NULL},
	};
	bool has_key =
		s->key_size && typed_shape(w->v->btf, w->v->value_type).kind != TYPED_SECTION;
	r->n_sources = 0;
	return s->no_values || view_is_percpu(w) || !has_key ||
	       json_row_make(r, &label, sources, 2, w->a, e);
}

static void json_entry(FILE *out, const struct view *w, const struct json_row *row, size_t entry)
{
	const struct map_entries *s = w->now;
	if (w->key.named || w->value.named)
		view_process(w->v, s, entry);
	if (row->n_sources) {
		json_row_print(
			row, out, (struct span[]){map_key(s, entry), map_value(s, entry, 0)});
		return;
	}
	struct json j = json_start(out);
	json_open(&j, '{');
	json_member_str(&j, "map", w->v->info->name);
	if (s->key_size && typed_shape(w->v->btf, w->v->value_type).kind != TYPED_SECTION) {
		json_key(&j, "key");
		json_record(&j, w->key.btf, w->v->key_type, map_key(s, entry));
	}
	if (s->no_values) {
		json_line(&j);
		return;
	}
	if (!view_is_percpu(w)) {
		json_key(&j, "value");
		json_record(&j, w->value.btf, w->v->value_type, map_value(s, entry, 0));
		json_line(&j);
		return;
	}
	if (view_is_plain_number(w)) {
		uint64_t sum = view_sum(s, w->value.cols, entry);
		json_key(&j, "value");
		if (w->value.cols->is_signed)
			json_int(&j, (int64_t)sum);
		else
			json_uint(&j, sum);
	}
	json_key(&j, "cpus");
	json_open(&j, '[');
	for (unsigned cpu = 0; cpu < s->cpus; cpu++)
		json_record(&j, w->value.btf, w->v->value_type, map_value(s, entry, cpu));
	json_line(&j);
}

void view_json_rows(FILE *out, const struct view *w, const struct json_row *row)
{
	for (size_t i = 0; i < w->n_rows && !view_stopped(w, out); i++)
		if (!i || w->rows[i].entry != w->rows[i - 1].entry)
			json_entry(out, w, row, w->rows[i].entry);
}

bool map_view_json(FILE *out, const struct map_view *v, const struct map_entries *now,
	struct arena *a, struct err *e)
{
	struct view w = {.v = v, .now = now, .a = a};
	struct json_row row;
	if (!view_prepare(&w, 0, e) || !view_json_make(&row, &w, e))
		return false;
	view_json_rows(out, &w, &row);
	return true;
}

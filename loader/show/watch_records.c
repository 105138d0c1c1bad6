/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "watch_impl.h"

#include "record_kind.h"

#include "elf/base/format.h"

bool watch_bind(
	struct watch *w, struct row_bound *b, const uint32_t *types, unsigned n, struct err *e)
{
	bool missing;
	struct err why = {0};
	if (!w->opt->where)
		return true;
	if (row_filter_bind(b, w->opt->where, watch_types(w), types, n, &missing, w->arena, &why)) {
		w->where_found = true;
		return true;
	}
	if (!missing)
		*e = why;
	else if (!w->where_error.set)
		w->where_error = why;
	b->rejects = true;
	return missing;
}

/* Whether a type has each member of a list, or one of them at least (*some). */
static bool has_fields(struct watch *w, uint32_t type, const char *list, struct err *e)
{
	char item[160], names[400] = "";
	struct typed_field ignored;
	for (const char *at = list; *at;) {
		size_t n = strcspn(at, ",");
		text_print(item, sizeof item, "%.*s", (int)n, at);
		if (!row_find_field(watch_types(w), type, item, &ignored)) {
			err_set(e, "--fields: there is no member '%s'", item);
			row_list_names(watch_types(w), type, names, sizeof names);
			return *names ? err_hint(e, "there are %s", names)
			              : err_hint(e, "the type is not known: --event gives it");
		}
		at += n + (at[n] == ',');
	}
	return true;
}

bool watch_make_table(struct watch_source *s, struct table *t, uint32_t type, struct err *e)
{
	struct watch *w = s->w;
	const char *fields = w->opt->fields;
	/* Records of another type are shown whole. */
	if (fields && !has_fields(w, type, fields, &w->fields_error))
		fields = NULL;
	w->fields_found |= fields != NULL;
	return table_make(t, watch_types(w), type, "VALUE", fields, w->arena, e) &&
	       watch_bind(w, &t->where, &type, 1, e) &&
	       (!w->opt->json || table_make_json(t, &s->label, w->arena, e));
}

static bool make_tables(struct watch_source *s, struct err *e)
{
	const struct plan_map *m = s->map;
	s->label = (struct json_label){"map", m->name};
	s->kinds = arena_array(s->w->arena, m->n_record_types, sizeof *s->kinds);
	if (!s->kinds)
		return err_nomem(e);
	for (size_t i = 0; i < m->n_record_types; i++)
		if (!watch_make_table(s, &s->kinds[i], m->record_types[i].type, e))
			return false;
	return watch_make_table(s, &s->table, m->event_type, e) && watch_find_stacks(s, e);
}

bool watch_find_stacks(struct watch_source *s, struct err *e)
{
	size_t n = s->map ? s->map->n_record_types : 0;
	if (!s->w->opt->folded)
		return true;
	s->folds = arena_array(s->w->arena, n + 1, sizeof *s->folds);
	if (!s->folds)
		return err_nomem(e);
	for (size_t i = 0; i <= n; i++) {
		const struct table *t = i ? &s->kinds[i - 1] : &s->table;
		s->folded |= stack_parts_find(&s->folds[i], t->btf, t->type, false);
	}
	return true;
}

void watch_show_record(struct watch_source *s, const struct table *table, struct span record)
{
	FILE *out = s->w->opt->out;
	if (!row_filter_accepts(&table->where, &record))
		return;
	if (s->folds) {
		size_t i = table == &s->table ? 0 : (size_t)(table - s->kinds) + 1;
		if (s->folds[i].n)
			stack_fold_add(&s->w->fold, &s->folds[i], record);
		return;
	}
	watch_head(s, table);
	if (s->w->opt->json)
		table_json(table, out, record);
	else
		table_row(table, out, record);
}

static const struct table *table_of(const struct watch_source *s, struct span record)
{
	int kind = record_kind(s->map, record);
	return kind < 0 ? &s->table : &s->kinds[kind];
}

bool watch_add_ring(struct watch *w, const struct plan_map *map, struct err *e)
{
	struct watch_source *s = watch_add_source(w, SOURCE_RING, map, e);
	if (!s || !ring_map(&s->ring, s->fd, map->max_entries, e))
		return err_where(e, "map '%s'", map->name);
	return make_tables(s, e);
}

bool watch_add_perf(struct watch *w, const struct plan_map *map, struct err *e)
{
	struct watch_source *s = watch_add_source(w, SOURCE_PERF, map, e);
	if (!s)
		return false;
	s->perf.fd = -1;
	if (!perf_buffer_open(&s->perf, s->fd, w->arena, w->x->kfs, w->x->watch, e))
		return err_where(e, "map '%s'", map->name);
	s->fd = s->perf.fd;
	return make_tables(s, e);
}

/* {"record": "events", "inferred": true, "bytes": 24, "members": [...]} */
static void tell_inferred(const struct watch_source *s, const struct table *t)
{
	const struct watch *w = s->w;
	struct json j = json_start(w->opt->out);
	struct btf_type type;
	if (!t->inferred)
		return;
	btf_type(t->btf, t->type, &type);
	json_open(&j, '{');
	json_member_str(&j, "record", s->name);
	json_key(&j, "inferred");
	json_bool(&j, true);
	json_member_uint(&j, "bytes", type.size);
	json_key(&j, "members");
	json_open(&j, '[');
	for (uint32_t i = 0; i < type.vlen; i++) {
		char spelled[128];
		struct btf_member m = btf_member(&type, i);
		btf_spell(t->btf, m.type, spelled, sizeof spelled);
		json_open(&j, '{');
		json_member_str(&j, "name", m.name);
		json_member_uint(&j, "offset", m.bit_off / 8);
		json_member_str(&j, "type", spelled);
		json_close(&j);
	}
	json_line(&j);
}

void watch_tell_inferred(const struct watch *w)
{
	for (size_t i = 0; i < w->n_sources && w->opt->json; i++) {
		const struct watch_source *s = &w->sources[i];
		if (s->kind > SOURCE_PERF)
			continue;
		for (size_t k = 0; k < s->map->n_record_types; k++)
			tell_inferred(s, &s->kinds[k]);
		if (!s->map->n_record_types)
			tell_inferred(s, &s->table);
	}
}

static bool show_record(void *ctx, const void *record, size_t len)
{
	struct watch_source *s = ctx;
	struct span bytes = {record, len, host_is_big()};
	watch_show_record(s, table_of(s, bytes), bytes);
	s->w->events++;
	return !ferror(s->w->opt->out);
}

static bool show_perf_record(void *ctx, unsigned cpu, const void *data, size_t len)
{
	(void)cpu;
	return show_record(ctx, data, len);
}

long watch_drain_records(struct watch_source *s)
{
	if (s->kind == SOURCE_RING)
		return ring_drain(&s->ring, show_record, s);
	long n = perf_buffer_drain(&s->perf, show_perf_record, s);
	watch_lost(s, perf_buffer_lost(&s->perf) - s->lost);
	return n;
}

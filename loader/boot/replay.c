/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "replay.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/plan/save.h"
#include "loader/show/lost_count.h"
#include "loader/show/print.h"
#include "loader/show/record_kind.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { STAMP_WIDTH = 13 };

/* Times are printed since this instant; 0 would mean: as numbers. */
enum { START_NS = 1 };

/* ---- plans ---- */

/* The member with the time, on the outermost level. */
static bool find_time(const struct btf *b, uint32_t type, struct typed_field *time)
{
	struct typed_shape s = typed_shape(b, type);
	const struct typed_field whole = {.type = type};
	const char *name;
	for (uint32_t i = 0; s.kind == TYPED_STRUCT && typed_part(&s, whole, i, &name, time); i++)
		if (typed_field_shape(b, *time).kind == TYPED_INSTANT)
			return true;
	return false;
}

static bool make_type(const struct replay *r, const struct replay_plan *p, struct replay_type *t,
	const char *map, uint32_t type, struct err *e)
{
	const struct btf *b = p->has_btf ? &p->btf : NULL;
	const struct json_label label = {"map", map};
	const struct json_source stamped[] = {
		{.key = "boot_ns", .size = sizeof(uint64_t)}, {.btf = b, .type = type}};
	t->has_time = b && type && find_time(b, type, &t->time);
	return table_make(&t->table, b, type, "VALUE", NULL, r->arena, e) &&
	       (t->has_time ? table_make_json(&t->table, &label, r->arena, e)
			    : json_row_make(&t->stamped, &label, stamped, 2, r->arena, e));
}

static bool make_types(const struct replay *r, const struct replay_plan *p, struct replay_map *m,
	const struct row_filter *where, bool *found, struct err *e)
{
	size_t n = m->map->n_record_types;
	m->types = arena_array(r->arena, n + 1, sizeof *m->types);
	if (!m->types)
		return err_nomem(e);
	for (size_t i = 0; i <= n; i++) {
		struct replay_type *t = &m->types[i];
		uint32_t type = i < n ? m->map->record_types[i].type : m->map->event_type;
		struct err why = {0};
		bool missing = false;
		if (!make_type(r, p, t, m->map->name, type, e))
			return false;
		if (!where || row_filter_bind(&t->table.where, where, t->table.btf, &type, 1,
				      &missing, r->arena, &why)) {
			*found = true;
			continue;
		}
		/* It may suit other records. */
		t->table.where.rejects = true;
		*e = e->set && missing ? *e : why;
		if (!missing)
			return false;
	}
	return true;
}

static bool is_buffer(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_RINGBUF || m->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

static bool add_plan(struct replay *r, struct span bytes, const struct row_filter *where,
	bool *found, struct err *e)
{
	struct replay_plan *p = arena_alloc(r->arena, sizeof *p);
	if (!p)
		return err_nomem(e);
	if (r->n_plans == RECORDING_PLANS)
		return err_set(e, "%s: more than %d plans", r->path, RECORDING_PLANS);
	if (!plan_load(&p->plan, r->path, bytes, r->arena, e))
		return false;
	p->maps = arena_array(r->arena, p->plan.n_maps, sizeof *p->maps);
	if (!p->maps)
		return err_nomem(e);
	if (p->plan.btf.n) {
		if (!btf_open(&p->btf, p->plan.btf, NULL, r->arena, e))
			return err_where(e, "%s", r->path);
		if (!typed_read_meanings(&p->btf, &p->meanings, NULL, r->arena))
			return err_nomem(e);
		for (unsigned clock = 0; clock < TYPED_CLOCKS; clock++)
			p->meanings.start[clock] = START_NS;
		p->has_btf = true;
	}
	for (size_t i = 0; i < p->plan.n_maps; i++) {
		p->maps[i].map = &p->plan.maps[i];
		if (is_buffer(p->maps[i].map) && !make_types(r, p, &p->maps[i], where, found, e))
			return false;
	}
	r->plans[r->n_plans++] = p;
	return true;
}

/* ---- rows ---- */

struct span replay_record(const struct replay *r, const struct replay_row *row)
{
	if (row->length == row->stored.n)
		return row->stored;
	if (row->length > RECORDING_TRIMMED)
		return (struct span){0};
	memcpy(r->scratch, row->stored.p, row->stored.n);
	memset(r->scratch + row->stored.n, 0, row->length - row->stored.n);
	return (struct span){r->scratch, row->length, row->stored.big};
}

static struct replay_map *map_of(const struct replay *r, const struct recording_chunk *c)
{
	if (c->plan >= r->n_plans || c->map >= r->plans[c->plan]->plan.n_maps)
		return NULL;
	struct replay_map *m = &r->plans[c->plan]->maps[c->map];
	return m->types ? m : NULL;
}

static bool add_row(struct replay *r, const struct recording_chunk *c, struct err *e)
{
	const struct replay_map *m = map_of(r, c);
	struct replay_row row = {.time_ns = c->time_ns,
		.number = r->n_rows,
		.map = m,
		.length = c->length,
		.stored = c->bytes};
	struct span record = replay_record(r, &row);
	if (!m || !record.n)
		return true;
	int kind = record_kind(m->map, record);
	const struct replay_type *t = &m->types[kind < 0 ? m->map->n_record_types : (size_t)kind];
	row.type = t;
	if (t->has_time)
		typed_number(t->table.btf, t->time, record, &row.time_ns);
	if (!row_filter_accepts(&t->table.where, &record))
		return true;
	struct replay_row *rows = arena_grow(r->arena, r->rows, r->n_rows, &r->room, sizeof *rows);
	if (!rows)
		return err_nomem(e);
	r->rows = rows;
	rows[r->n_rows++] = row;
	return true;
}

static int by_time(const void *x, const void *y)
{
	const struct replay_row *a = x, *b = y;
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

static void add_loss(struct replay *r, const struct recording_chunk *c)
{
	struct replay_map *m = map_of(r, c);
	if (!m)
		return;
	m->loses = true;
	m->lost += c->length;
}

bool replay_open(struct replay *r, const char *path, struct span bytes,
	const struct row_filter *where, struct arena *a, struct err *e)
{
	struct recording in;
	struct recording_chunk c;
	struct err unsuited = {0}; /* why the filter suits some records not */
	bool found = false, ok = true;
	*r = (struct replay){
		.arena = a, .path = path, .scratch = arena_alloc(a, RECORDING_TRIMMED)};
	if (!r->scratch)
		return err_nomem(e);
	if (!recording_open(&in, path, bytes, e))
		return false;
	while (ok && !r->ended && recording_next(&in, &c)) {
		struct err why = {0};
		if (c.kind == RECORDING_PLAN) {
			ok = add_plan(r, c.bytes, where, &found, &why);
			unsuited = ok && why.set ? why : unsuited;
		} else if (c.kind == RECORDING_ROW) {
			ok = add_row(r, &c, &why);
		} else if (c.kind == RECORDING_LOST) {
			add_loss(r, &c);
		}
		r->ended = c.kind == RECORDING_END;
		r->how = c.length;
		r->end_ns = c.time_ns > r->end_ns ? c.time_ns : r->end_ns;
		if (!ok)
			*e = why;
	}
	if (ok && where && !found) {
		*e = unsuited;
		return e->set ? false : err_set(e, "%s: no records", path);
	}
	if (ok && r->n_rows)
		qsort(r->rows, r->n_rows, sizeof *r->rows, by_time);
	return ok;
}

/* ---- printing ---- */

static void print_stamp(FILE *out, uint64_t ns)
{
	char text[32];
	text_print(text, sizeof text, "+%" PRIu64 ".%06" PRIu64, ns / 1000000000,
		ns % 1000000000 / 1000);
	print(out, "%-*s", STAMP_WIDTH, text);
}

static void print_row(const struct replay *r, const struct replay_row *row, bool head, FILE *out)
{
	const struct replay_type *t = row->type;
	if (head && t->table.n) {
		if (!t->has_time)
			print(out, "%-*s", STAMP_WIDTH, "TIME");
		table_head(&t->table, out);
	}
	if (!t->has_time)
		print_stamp(out, row->time_ns);
	table_row(&t->table, out, replay_record(r, row));
}

static void print_json(const struct replay *r, const struct replay_row *row, FILE *out)
{
	const struct replay_type *t = row->type;
	struct span record = replay_record(r, row);
	uint8_t stamp[sizeof(uint64_t)];
	bytes_put(stamp, sizeof stamp, record.big, row->time_ns);
	const struct span sources[] = {{stamp, sizeof stamp, record.big}, record};
	if (t->has_time)
		table_json(&t->table, out, record);
	else
		json_row_print(&t->stamped, out, sources);
}

static void print_losses(const struct replay_map *m, bool json, FILE *out, FILE *status)
{
	if (json) {
		lost_json(out, m->map->name, m->lost);
	} else if (m->lost) {
		print(status, "note: map '%s': %" PRIu64 " records were lost\n", m->map->name,
			m->lost);
	} else {
		print(status, "note: map '%s' was nearly full: records were probably lost\n",
			m->map->name);
	}
}

static void print_end(const struct replay *r, FILE *status)
{
	static const char *const how[] = {
		[RECORDING_FULL] = "it was full (--size)",
		[RECORDING_TIME] = "its time was over (--for)",
		[RECORDING_STOPPED] = "a signal arrived",
	};
	if (!r->ended)
		print(status, "note: the recording is cut\n");
	else if (r->how < sizeof how / sizeof *how && how[r->how])
		print(status, "note: the recording ends at %" PRIu64 ".%03" PRIu64 " s: %s\n",
			r->end_ns / 1000000000, r->end_ns % 1000000000 / 1000000, how[r->how]);
}

void replay_print(const struct replay *r, bool json, FILE *out, FILE *status)
{
	const struct replay_type *last = NULL;
	for (size_t i = 0; i < r->n_rows && !ferror(out); i++) {
		const struct replay_row *row = &r->rows[i];
		if (json) {
			print_json(r, row, out);
			continue;
		}
		if (last && last != row->type)
			fputc('\n', out);
		print_row(r, row, last != row->type, out);
		last = row->type;
	}
	for (size_t i = 0; i < r->n_plans; i++)
		for (size_t k = 0; k < r->plans[i]->plan.n_maps; k++)
			if (r->plans[i]->maps[k].loses)
				print_losses(&r->plans[i]->maps[k], json, out, status);
	fflush(out);
	print_end(r, status);
}

/* ---- members ---- */

static bool find(const struct replay_row *row, const char *member, struct typed_field *f,
	struct typed_shape *s)
{
	const struct table *t = &row->type->table;
	if (!t->btf || !t->type || !row_find_field(t->btf, t->type, member, f))
		return false;
	*s = typed_field_shape(t->btf, *f);
	return true;
}

bool replay_number(
	const struct replay *r, const struct replay_row *row, const char *member, uint64_t *v)
{
	struct typed_field f;
	struct typed_shape s;
	return find(row, member, &f, &s) && typed_read_number(&s, f, replay_record(r, row), v);
}

bool replay_text(const struct replay *r, const struct replay_row *row, const char *member,
	char *buf, size_t size)
{
	struct span record = replay_record(r, row);
	struct typed_field f;
	struct typed_shape s;
	uint64_t v;
	buf[0] = 0;
	if (!find(row, member, &f, &s))
		return false;
	if (s.kind == TYPED_ENUM && typed_read_number(&s, f, record, &v)) {
		const char *name = typed_enum_name(&s, v);
		text_print(buf, size, "%s", name ? name : "");
		return name != NULL;
	}
	struct span text = typed_bytes(&s, f, record);
	if (s.kind != TYPED_STRING || !text.n)
		return false;
	text_print(buf, size, "%.*s", (int)strnlen((const char *)text.p, text.n),
		(const char *)text.p);
	return true;
}

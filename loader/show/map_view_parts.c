/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include "print.h"

#include <string.h>

/* ---- all entries ---- */

struct dump {
	FILE *out;
	const struct map_view *v;
	bool json;
	struct arena *a;
	bool begun, whole;
	struct view w; /* of the current part, once begun */
	struct json_row row;
	size_t n, zeros;
};

static bool show_whole(struct dump *d, const struct map_entries *s, struct err *e)
{
	return d->json ? map_view_json(d->out, d->v, s, d->a, e)
	               : map_view_text(d->out, d->v, s, NULL, 0, d->a, e);
}

/* Lays out the columns by the first part. */
static bool begin(struct dump *d, const struct map_entries *s, struct err *e)
{
	d->w = (struct view){.v = d->v, .now = s, .a = d->a, .unsorted = true};
	if (!view_make_columns(&d->w, e))
		return false;
	d->whole = !d->json && view_is_whole(&d->w);
	d->begun = !d->whole;
	if (d->whole)
		return true;
	return !d->json || view_json_make(&d->row, &d->w, e);
}

static void print_head(struct dump *d)
{
	view_name(d->out, d->v->info->name);
	fputs(": in the order of the kernel\n", d->out);
	view_table_head(d->out, &d->w);
}

static void end(const struct dump *d, const struct map_entries *s)
{
	bool array = d->w.access == MAP_INDEX;
	print(d->out, "%zu %s", d->n, array ? "slots" : "entries");
	if (d->zeros)
		print(d->out, ", of which %zu are not zero", d->n - d->zeros);
	fputs(s->incomplete ? " (changed while being read: some may be missing)\n" : "\n", d->out);
}

static bool dump_part(void *ctx, struct map_entries *s, bool last, struct err *e)
{
	struct dump *d = ctx;
	struct arena scratch = {0};
	if (!d->begun && last)
		return show_whole(d, s, e);
	if (!d->begun && !d->whole && !begin(d, s, e))
		return false;
	if (d->whole)
		return true;
	d->w.now = s;
	d->w.a = &scratch;
	bool ok = view_make_rows(&d->w, 0, e);
	if (ok && !d->json && !d->n)
		print_head(d);
	if (ok && d->json)
		view_json_rows(d->out, &d->w, &d->row);
	else if (ok)
		view_table_rows(d->out, &d->w);
	arena_free(&scratch);
	d->n += s->n;
	d->zeros += d->w.hidden;
	s->n = 0;
	if (last && !d->json)
		end(d, s);
	return ok && !view_stopped(&d->w, d->out);
}

bool map_dump(FILE *out, const struct map_view *v, const struct map_handle *m, bool json,
	struct arena *a, struct err *e)
{
	struct dump d = {.out = out, .v = v, .json = json, .a = a};
	return map_read(m->watch, m->fd, v->info, m->cpus, MAP_PART, dump_part, &d, a, e);
}

/* ---- the first ones of a table ---- */

struct top {
	const struct map_view *v;
	struct map_entries *out;
	size_t keep;
};

/* Moves the entries of the rows to the front, in the order of the rows. */
static bool move_to_front(
	const struct view *w, struct map_entries *s, struct arena *a, struct err *e)
{
	uint8_t *keys = arena_array(a, w->n_rows, s->key_size);
	uint8_t *values = arena_array(a, w->n_rows, s->stride);
	if (!keys || !values)
		return err_nomem(e);
	for (size_t i = 0; i < w->n_rows; i++) {
		memcpy(keys + i * s->key_size, map_key(s, w->rows[i].entry).p, s->key_size);
		memcpy(values + i * s->stride, map_value(s, w->rows[i].entry, 0).p, s->stride);
	}
	memcpy(s->keys, keys, w->n_rows * s->key_size);
	memcpy(s->values, values, w->n_rows * s->stride);
	return true;
}

static bool keep_first(const struct top *t, struct map_entries *s, struct err *e)
{
	struct arena scratch = {0};
	struct view w = {.v = t->v, .now = s, .a = &scratch};
	bool ok = view_prepare(&w, t->keep, e);
	if (ok && !view_is_percpu(&w) && !view_is_whole(&w) &&
		(ok = move_to_front(&w, s, &scratch, e))) {
		s->omitted += s->n - w.n_rows;
		s->omitted_zeros += w.hidden;
		s->n = w.n_rows;
	}
	arena_free(&scratch);
	return ok;
}

static bool top_part(void *ctx, struct map_entries *s, bool last, struct err *e)
{
	struct top *t = ctx;
	bool ok = !t->keep || (last && !s->omitted) || keep_first(t, s, e);
	if (last)
		*t->out = *s;
	return ok;
}

bool map_top(const struct map_view *v, const struct map_handle *m, struct map_entries *out,
	struct arena *a, struct err *e)
{
	enum { TIMES = 16 }; /* rows that may rise into the table until the next time */
	struct top t = {v, out, (size_t)v->rows * TIMES};
	return map_read(m->watch, m->fd, v->info, m->cpus, MAP_PART, top_part, &t, a, e);
}

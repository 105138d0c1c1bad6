/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the runner shows: ring buffers whose records have columns of few kinds. */
#include "pack_impl.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/show/table.h"
#include "loader/symbols/address_names.h"

enum { NAMES_MAX = 200, SOURCES_MAX = 16 };

static uint32_t add_names(struct pack *w, const struct typed_shape *s)
{
	struct flat t = {.arena = w->out.arena, .big = w->out.big};
	for (uint32_t i = 0; i < s->t.vlen; i++) {
		struct btf_enumerator e = btf_enumerator(&s->t, i);
		uint64_t v = (uint64_t)e.value;
		flat_put(&t, 8, s->size < 8 ? v & ((UINT64_C(1) << s->size * 8) - 1) : v);
		flat_put(&t, 4, pack_clean_text(w, e.name));
		flat_put(&t, 4, 0);
	}
	flat_put(&t, 8, 0);
	flat_put(&t, 8, 0);
	return flat_table(&w->out, &t, 8);
}

/* How the runner shows a column; -1: not at all. */
static int cell_op(const struct table_col *c)
{
	static const uint8_t ops[] = {[ROW_UINT] = CELL_UINT,
		[ROW_INT] = CELL_INT,
		[ROW_BOOL] = CELL_BOOL,
		[ROW_HEX] = CELL_HEX,
		[ROW_CHARS] = CELL_CHARS};
	const struct typed_shape *s = &c->shape;
	if (c->value.op != ROW_OTHER)
		return ops[c->value.op];
	bool whole = s->size <= 8 && s->size && !(s->size & (s->size - 1)) && !c->field.bit_size &&
	             c->field.bit_off % 8 == 0 && typed_number_bits(s, c->field) == s->size * 8;
	if (s->kind == TYPED_STRING && c->field.bit_off % 8 == 0 && s->size)
		return CELL_CHARS;
	if (!whole)
		return -1;
	switch (s->kind) {
	case TYPED_ERRNO:
		return s->is_signed ? CELL_ERRNO : -1;
	case TYPED_INSTANT:
		return s->is_signed ? -1 : CELL_INSTANT;
	case TYPED_TIME:
		return CELL_TIME;
	case TYPED_NET:
		return s->is_signed ? -1 : CELL_NET;
	case TYPED_IP4:
		return CELL_IP4;
	case TYPED_ENUM:
		return s->is_signed || typed_is_flags(s) || s->t.vlen > NAMES_MAX ? -1 : CELL_ENUM;
	default:
		return -1;
	}
}

/* packed_cell.how */
static unsigned cell_how(int op, const struct table_col *c)
{
	switch (op) {
	case CELL_INSTANT:
		return c->shape.unit == TYPED_BOOTTIME;
	case CELL_TIME:
		return c->shape.unit == UNIT_MS ? 2 : c->shape.unit == UNIT_US ? 1 : 0;
	default:
		return c->field.open;
	}
}

static bool add_cell(struct pack *w, const struct table *t, unsigned i, struct flat *cells)
{
	const struct table_col *c = &t->cols[i];
	int op = cell_op(c);
	if (op < 0)
		return pack_cannot(w, "cannot show column '%s' of %s", c->name, t->cols[0].head);
	w->all_errnos |= op == CELL_ERRNO;
	flat_put(cells, 4, c->field.bit_off / 8);
	flat_put(cells, 4, c->shape.size);
	flat_put(cells, 4, op == CELL_ENUM ? add_names(w, &c->shape) : 0);
	flat_put(cells, 2, t->starts[i]);
	flat_put(cells, 1, (unsigned)op);
	flat_put(cells, 1, cell_how(op, c));
	return true;
}

/* As table_head() prints it. */
static uint32_t add_head(struct pack *w, const struct table *t)
{
	struct flat text = {.arena = w->out.arena};
	for (unsigned i = 0; i < t->n; i++) {
		do
			if (i)
				flat_put(&text, 1, ' ');
		while (text.n < t->starts[i]);
		flat_bytes(&text, t->cols[i].head, strlen(t->cols[i].head));
	}
	flat_put(&text, 1, '\n');
	flat_put(&text, 1, 0);
	w->out.failed |= text.failed;
	return text.failed ? 0 : flat_text(&w->out, (const char *)text.p);
}

/* A record type; r: what tells it apart from others of the map, or NULL. */
static bool add_row(struct pack *w, const struct btf *b, const struct plan_map *m,
	const struct plan_record_type *r, struct flat *rows, struct err *e)
{
	struct table t;
	struct flat cells = {.arena = w->out.arena, .big = w->out.big};
	if (!table_make(&t, b, r ? r->type : m->event_type, "VALUE", NULL, w->out.arena, e))
		return false;
	if (!t.btf || !t.n)
		return pack_cannot(w, "cannot show the records of map '%s', %s", m->name,
			t.btf ? "which have no columns" : "whose type is unknown");
	if (t.named)
		return pack_cannot(
			w, "has no names for addresses in the records of map '%s'", m->name);
	for (unsigned i = 0; i < t.n; i++)
		if (!add_cell(w, &t, i, &cells))
			return false;
	flat_put(rows, 8, r ? r->tag : 0);
	flat_put(rows, 4, r ? r->size : 0);
	flat_put(rows, 4, r ? r->tag_off : 0);
	flat_put(rows, 4, add_head(w, &t));
	flat_put(rows, 4, flat_table(&w->out, &cells, 4));
	flat_put(rows, 2, t.n);
	flat_put(rows, 1, r ? r->tag_size : 0);
	flat_put(rows, 1, 0);
	flat_put(rows, 4, 0);
	return true;
}

static bool add_source(struct pack *w, const struct btf *b, const struct plan_map *m,
	struct flat *list, struct err *e)
{
	struct flat rows = {.arena = w->out.arena, .big = w->out.big};
	for (size_t i = 0; i < m->n_record_types; i++)
		if (m->record_types[i].tag_size > 8 ||
			!add_row(w, b, m, &m->record_types[i], &rows, e))
			return false;
	if (!add_row(w, b, m, NULL, &rows, e))
		return false;
	flat_put(list, 4, pack_clean_text(w, m->name));
	flat_put(list, 2, (uint16_t)m->slot);
	flat_put(list, 2, m->n_record_types + 1);
	flat_put(list, 4, flat_table(&w->out, &rows, 8));
	flat_put(list, 4, m->max_entries);
	return true;
}

static bool cannot_show(struct pack *w, const struct plan *p)
{
	bool rings = false, prints = false;
	for (size_t i = 0; i < p->n_maps; i++) {
		if (p->maps[i].map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			return pack_cannot(w, "has no perf buffers, such as '%s'", p->maps[i].name);
		rings |= p->maps[i].map_type == BPF_MAP_TYPE_RINGBUF;
	}
	for (size_t i = 0; i < p->n_progs; i++) {
		if (p->progs[i].attach_type == BPF_TRACE_ITER && p->progs[i].link != PLAN_NONE)
			return pack_cannot(w, "has no iterators, such as '%s'", p->progs[i].name);
		prints |= p->progs[i].prints;
	}
	return rings || prints || !p->n_maps ||
	       pack_cannot(w, "shows no maps, such as '%s'", p->maps[0].name);
}

uint32_t pack_sources(struct pack *w, const struct plan *p, uint16_t *n, struct err *e)
{
	static const struct address_names no_names;
	struct flat list = {.arena = w->out.arena, .big = w->out.big};
	struct btf btf;
	struct btf_meanings meanings = {0};
	*n = 0;
	if (!cannot_show(w, p))
		return 0;
	if (p->btf.n && !btf_open(&btf, p->btf, NULL, w->out.arena, e))
		return 0;
	if (p->btf.n && !typed_read_meanings(&btf, &meanings, &no_names, w->out.arena))
		return err_nomem(e);
	for (size_t i = 0; i < p->n_maps; i++)
		if (p->maps[i].map_type == BPF_MAP_TYPE_RINGBUF) {
			if (!add_source(w, p->btf.n ? &btf : NULL, &p->maps[i], &list, e))
				return 0;
			++*n;
		}
	if (*n > SOURCES_MAX - 1)
		return pack_cannot(w, "has at most %d ring buffers", SOURCES_MAX - 1);
	return flat_table(&w->out, &list, 4);
}

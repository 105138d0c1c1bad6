/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Records as JSON. What is the same for all records of a type, keys and brackets above all, is written
 * once, by the JSON writer itself, and cut where the values belong.
 */
#include "table.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 1024 }; /* types with more members are walked for each record */

/* The making of t->parts. */
struct parts {
	struct table *t;
	struct arena *a;
	struct json j; /* writes to file */
	FILE *file;    /* in memory: text, size */
	char *text;
	size_t size, used; /* used: what parts have already */
	size_t room;
	bool failed, too_many;
};

/* The text since the last part. */
static const char *take(struct parts *p, size_t *n)
{
	json_flush(&p->j);
	if (fflush(p->file))
		p->failed = true;
	*n = p->failed ? 0 : p->size - p->used;
	char *copy = arena_alloc(p->a, *n + ROW_SLACK);
	p->failed |= !copy;
	if (copy)
		memcpy(copy, p->text + p->used, *n);
	p->used += *n;
	return copy;
}

static void add_part(struct parts *p, const struct typed_shape *s, struct typed_field f)
{
	struct table *t = p->t;
	struct table_part *grown =
		arena_grow(p->a, t->parts, t->n_parts, &p->room, sizeof *t->parts);
	p->too_many = t->n_parts == PARTS_MAX;
	p->failed |= !grown;
	if (p->failed || p->too_many)
		return;
	t->parts = grown;
	struct table_part *part = &grown[t->n_parts++];
	*part = (struct table_part){.value = row_value_of(s, f), .field = f, .shape = *s};
	part->before = take(p, &part->n_before);
	json_raw(&p->j, ""); /* the value */
}

static void add_members(
	struct parts *p, const struct typed_shape *s, struct typed_field f, unsigned depth);

static void add_value(
	struct parts *p, const struct typed_shape *s, struct typed_field f, unsigned depth)
{
	bool whole = s->kind == TYPED_STRUCT || s->kind == TYPED_UNION;
	if (!whole || depth >= BTF_DEPTH) {
		add_part(p, s, f);
		return;
	}
	json_open(&p->j, '{');
	add_members(p, s, f, depth);
	json_close(&p->j);
}

static void add_members(
	struct parts *p, const struct typed_shape *s, struct typed_field f, unsigned depth)
{
	const char *name;
	struct typed_field part;
	for (uint32_t i = 0; !p->failed && !p->too_many && typed_part(s, f, i, &name, &part); i++) {
		struct typed_shape m = typed_field_shape(p->t->btf, part);
		bool whole = m.kind == TYPED_STRUCT || m.kind == TYPED_UNION;
		if (m.kind == TYPED_KERNEL || (!*name && !whole))
			continue;
		if (*name) {
			json_key(&p->j, name);
			add_value(p, &m, part, depth + 1);
		} else if (depth < BTF_DEPTH) {
			add_members(p, &m, part, depth + 1);
		}
	}
}

bool table_make_json(
	struct table *t, const struct table_extra *extra, struct arena *a, struct err *e)
{
	const struct typed_field whole = {.type = t->type, .open = true};
	struct parts p = {.t = t, .a = a};
	struct typed_shape s = typed_field_shape(t->btf, whole);
	t->extra = extra;
	t->parts = NULL;
	t->n_parts = 0;
	p.file = open_memstream(&p.text, &p.size);
	if (!p.file)
		return err_nomem(e);
	p.j = json_start(p.file);
	json_open(&p.j, '{');
	if (extra)
		json_member_str(&p.j, extra->name, extra->text);
	if (s.kind == TYPED_STRUCT || s.kind == TYPED_UNION || s.kind == TYPED_SECTION) {
		add_members(&p, &s, whole, 0);
	} else {
		json_key(&p.j, "value");
		add_part(&p, &s, whole);
	}
	json_line(&p.j);
	t->after = take(&p, &t->n_after);
	if (p.too_many)
		t->n_parts = 0;
	fclose(p.file);
	free(p.text);
	return !p.failed || err_nomem(e);
}

/* A record whose type has too many members for parts. */
static void walk_json(const struct table *t, FILE *out, struct span record)
{
	struct json j = json_start(out);
	json_open(&j, '{');
	if (t->extra)
		json_member_str(&j, t->extra->name, t->extra->text);
	typed_json_into(
		&j, t->btf, (struct typed_field){.type = t->type, .open = true}, record, "value");
	json_line(&j);
}

/* Writes a value that takes more than row_json(): what is before it goes first. */
static void walk_part(const struct table *t, const struct table_part *part, struct typed_out *o,
	struct span record, uint64_t *nodes)
{
	typed_flush(o);
	struct json j = json_start(o->file);
	typed_json_shaped(&j, t->btf, &part->shape, part->field, record, nodes);
}

void table_json(const struct table *t, FILE *out, struct span record)
{
	char text[ROW_ROOM];
	struct typed_out o = {.file = out, .buffer = text, .room = sizeof text};
	uint64_t nodes = typed_json_nodes(record);
	if (t->named)
		typed_process(t->btf, t->type, record);
	if (!t->n_parts) {
		walk_json(t, out, record);
		return;
	}
	for (size_t i = 0; i < t->n_parts; i++) {
		const struct table_part *part = &t->parts[i];
		row_put(&o, part->before, part->n_before);
		if (!row_json(&o, &part->value, record))
			walk_part(t, part, &o, record, &nodes);
	}
	row_put(&o, t->after, t->n_after);
	typed_flush(&o);
}

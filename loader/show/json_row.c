/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "json_row.h"

#include "elf/base/format.h"
#include "row_filter.h"

#include <stdlib.h>
#include <string.h>

enum {
	PARTS_MAX = 1024, /* types with more members are walked for each object */
	PATH_ROOM = 160,  /* of a member, with fields */
};

/* The making of a row's parts. */
struct parts {
	struct json_row *r;
	struct arena *a;
	struct json j; /* writes to file */
	FILE *file;    /* in memory: text, size */
	char *text;
	size_t size, used; /* used: what parts have already */
	size_t room, types_room;
	unsigned source;
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
	struct json_row *r = p->r;
	const struct json_source *source = &r->sources[p->source];
	struct row_part *parts = arena_grow(p->a, r->parts, r->n_parts, &p->room, sizeof *r->parts);
	struct json_type *types =
		arena_grow(p->a, r->types, r->n_parts, &p->types_room, sizeof *r->types);
	p->too_many |= r->n_parts == PARTS_MAX;
	p->failed |= !parts || !types;
	if (p->failed || p->too_many)
		return;
	r->parts = parts;
	r->types = types;
	size_t n;
	const char *before = take(p, &n);
	parts[r->n_parts] = (struct row_part){before, (uint32_t)n, p->source,
		source->btf ? row_value_of(s, f) : row_number_of(source->size)};
	types[r->n_parts++] = (struct json_type){f, *s};
	json_raw(&p->j, ""); /* the value */
}

static void add_members(struct parts *p, const struct typed_shape *s, struct typed_field f,
	const char *path, unsigned depth);

static void add_value(struct parts *p, const struct typed_shape *s, struct typed_field f,
	const char *path, unsigned depth)
{
	bool whole = s->kind == TYPED_STRUCT || s->kind == TYPED_UNION;
	if (!whole || depth >= BTF_DEPTH) {
		add_part(p, s, f);
		return;
	}
	json_open(&p->j, '{');
	add_members(p, s, f, path, depth);
	json_close(&p->j);
}

/* path: of s, "" for the record. */
static void add_members(struct parts *p, const struct typed_shape *s, struct typed_field f,
	const char *path, unsigned depth)
{
	const struct json_source *source = &p->r->sources[p->source];
	char inner[PATH_ROOM];
	const char *name;
	struct typed_field part;
	*inner = 0;
	for (uint32_t i = 0; !p->failed && !p->too_many && typed_part(s, f, i, &name, &part); i++) {
		struct typed_shape m = typed_field_shape(source->btf, part);
		bool whole = m.kind == TYPED_STRUCT || m.kind == TYPED_UNION, all = false;
		if (m.kind == TYPED_KERNEL || (!*name && !whole))
			continue;
		if (source->fields)
			text_print(inner, sizeof inner, "%s%s%s", path, *path && *name ? "." : "",
				name);
		if (source->fields && *name &&
			(!row_list_has(source->fields, inner, &all) || (!all && !whole)))
			continue;
		if (*name) {
			json_key(&p->j, name);
			add_value(p, &m, part, inner, depth + 1);
		} else if (depth < BTF_DEPTH) {
			add_members(p, &m, part, inner, depth + 1);
		}
	}
}

static struct typed_field whole_of(const struct json_source *s)
{
	return (struct typed_field){.type = s->btf ? s->type : 0, .open = !s->key};
}

static void add_source(struct parts *p)
{
	const struct json_source *source = &p->r->sources[p->source];
	struct typed_field whole = whole_of(source);
	struct typed_shape s = typed_field_shape(source->btf, whole);
	if (source->key) {
		json_key(&p->j, source->key);
		add_value(p, &s, whole, "", 0);
	} else if (s.kind == TYPED_STRUCT || s.kind == TYPED_UNION || s.kind == TYPED_SECTION) {
		add_members(p, &s, whole, "", 0);
	} else {
		json_key(&p->j, "value");
		add_part(p, &s, whole);
	}
}

bool json_row_make(struct json_row *r, const struct json_label *label,
	const struct json_source *sources, unsigned n, struct arena *a, struct err *e)
{
	struct parts p = {.r = r, .a = a};
	*r = (struct json_row){.n_sources = n};
	if (label)
		r->label = *label;
	memcpy(r->sources, sources, n * sizeof *sources);
	p.file = open_memstream(&p.text, &p.size);
	if (!p.file)
		return err_nomem(e);
	p.j = json_start(p.file);
	json_open(&p.j, '{');
	if (label)
		json_member_str(&p.j, label->name, label->text);
	for (p.source = 0; p.source < n; p.source++)
		add_source(&p);
	json_line(&p.j);
	r->after = take(&p, &r->n_after);
	if (p.too_many)
		r->n_parts = 0;
	fclose(p.file);
	free(p.text);
	return !p.failed || err_nomem(e);
}

/* An object whose types have too many members for parts. */
static void walk_sources(const struct json_row *r, FILE *out, const struct span *records)
{
	struct json j = json_start(out);
	json_open(&j, '{');
	if (r->label.name)
		json_member_str(&j, r->label.name, r->label.text);
	for (unsigned i = 0; i < r->n_sources; i++) {
		const struct json_source *s = &r->sources[i];
		if (s->key) {
			json_key(&j, s->key);
			typed_json(&j, s->btf, whole_of(s), records[i]);
		} else {
			typed_json_into(&j, s->btf, whole_of(s), records[i], "value");
		}
	}
	json_line(&j);
}

/* Writes a value that takes more than row_parts(): what is before it goes first. */
static void walk_part(const struct json_row *r, size_t i, struct typed_out *o, struct span record,
	uint64_t *nodes)
{
	typed_flush(o);
	struct json j = json_start(o->file);
	typed_json_shaped(&j, r->sources[r->parts[i].record].btf, &r->types[i].shape,
		r->types[i].field, record, nodes);
}

void json_row_print(const struct json_row *r, FILE *out, const struct span *records)
{
	char text[ROW_ROOM];
	struct typed_out o = {.file = out, .buffer = text, .room = sizeof text};
	uint64_t nodes = typed_json_nodes(records[0]);
	if (!r->n_parts) {
		walk_sources(r, out, records);
		return;
	}
	for (size_t i = 0; (i = row_parts(&o, r->parts, i, r->n_parts, records)) < r->n_parts; i++)
		walk_part(r, i, &o, records[r->parts[i].record], &nodes);
	row_put(&o, r->after, r->n_after);
	typed_flush(&o);
}

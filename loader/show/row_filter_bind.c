/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Names and values of a filter, for one type of record. */
#include "row_filter.h"

#include "elf/base/number.h"
#include "elf/base/text.h"
#include "loader/value/value.h"

#include <string.h>

enum { NODES = 512, NAME = 128 };

static const char *const parts[] = {"key", "value"}; /* of an entry of a map */

/* ---- names ---- */

static bool is_open(const struct typed_shape *s)
{
	return s->kind == TYPED_STRUCT || s->kind == TYPED_UNION;
}

/* Finds a member in f, whose shape is s. *nodes bounds the work for types that contain themselves. */
static bool find(const struct btf *b, const struct typed_shape *s, struct typed_field f,
	const char *path, struct typed_field *out, unsigned *nodes)
{
	const char *name;
	struct typed_field part;
	for (uint32_t i = 0; *nodes && typed_part(s, f, i, &name, &part); i++) {
		size_t n = strlen(name);
		--*nodes;
		if (n && strncmp(path, name, n) != 0)
			continue;
		if (n && !path[n]) {
			*out = part;
			return true;
		}
		struct typed_shape inner = typed_field_shape(b, part);
		if (is_open(&inner) && (!n || path[n] == '.') &&
			find(b, &inner, part, path + n + (n != 0), out, nodes))
			return true;
	}
	return false;
}

bool row_find_field(const struct btf *b, uint32_t type, const char *path, struct typed_field *f)
{
	const struct typed_field whole = {.type = type, .open = true};
	struct typed_shape s = typed_shape(b, type);
	unsigned nodes = NODES;
	if (is_open(&s))
		return find(b, &s, whole, path, f, &nodes);
	*f = whole;
	return s.kind != TYPED_NONE && !strcmp(path, "value");
}

static void add_names(const struct btf *b, const struct typed_shape *s, struct typed_field f,
	const char *prefix, char *buf, size_t size, unsigned *nodes)
{
	const char *name;
	struct typed_field part;
	for (uint32_t i = 0; *nodes && typed_part(s, f, i, &name, &part); i++) {
		char path[NAME] = "";
		struct typed_shape inner = typed_field_shape(b, part);
		--*nodes;
		text_add(path, sizeof path, "%s%s%s", prefix, *prefix && *name ? "." : "", name);
		if (is_open(&inner))
			add_names(b, &inner, part, path, buf, size, nodes);
		else if (*name && inner.kind != TYPED_KERNEL)
			text_list(buf, size, "%s", path);
	}
}

/* whole: the name of a value without members. */
static void list_names(
	const struct btf *b, uint32_t type, const char *whole, char *buf, size_t size)
{
	struct typed_shape s = typed_shape(b, type);
	unsigned nodes = NODES;
	if (is_open(&s))
		add_names(b, &s, (struct typed_field){.type = type, .open = true}, "", buf, size,
			&nodes);
	else if (s.kind != TYPED_NONE)
		text_list(buf, size, "%s", whole);
}

void row_list_names(const struct btf *b, uint32_t type, char *buf, size_t size)
{
	list_names(b, type, "value", buf, size);
}

bool row_list_has(const char *list, const char *path, bool *whole)
{
	size_t length = strlen(path);
	bool inside = false;
	*whole = true;
	for (const char *item = list; item && *item;) {
		size_t n = strcspn(item, ",");
		/* The member, or what is around it. */
		if (n && n <= length && !strncmp(item, path, n) && (!path[n] || path[n] == '.'))
			return true;
		inside |= n > length && !strncmp(item, path, length) && item[length] == '.';
		item += n + (item[n] == ',');
	}
	*whole = !list;
	return !list || inside;
}

/* ---- values ---- */

/* Kinds whose text is not read: a number, or a time with a unit. */
static bool is_of_records(enum typed_kind kind)
{
	return kind >= TYPED_ERRNO && kind <= TYPED_STACK;
}

static bool read_number(const struct typed_shape *s, const char *text, uint64_t *v)
{
	static const struct {
		const char *name;
		uint8_t unit;
		uint64_t ns;
	} units[] = {{"ns", UNIT_NS, 1}, {"us", UNIT_US, 1000}, {"ms", UNIT_MS, 1000000},
		{"s", UNIT_NONE, 1000000000}};
	char *end;
	*v = *text == '-' ? (uint64_t)text_s64(text, &end, 0) : text_u64(text, &end, 0);
	if (end == text || !*end)
		return end != text;
	uint64_t own = s->kind == TYPED_INSTANT ? 1 : 0;
	for (size_t i = 0; i < 3 && s->kind == TYPED_TIME; i++)
		own = units[i].unit == s->unit ? units[i].ns : own;
	for (size_t i = 0; i < sizeof units / sizeof *units && own; i++)
		if (!strcmp(end, units[i].name)) {
			*v = *v > UINT64_MAX / units[i].ns ? UINT64_MAX / own
			                                   : *v * units[i].ns / own;
			return true;
		}
	return false;
}

enum { VALUE_MAX = 4096 }; /* bytes of a value that is compared */

/* Reads the value as what value_put() makes of it. */
static bool read_value(struct bound_field *f, const struct btf *b, const struct filter_node *node,
	struct arena *a, struct err *e)
{
	const unsigned size = f->shape.size <= VALUE_MAX ? (unsigned)f->shape.size : 0;
	uint8_t *bytes = arena_array(a, size + 1, 1);
	const struct value at = {.btf = b,
		.type = f->field.type,
		.to = bytes,
		.room = size,
		.big = host_is_big(),
		.who = node->name};
	if (!bytes)
		return err_nomem(e);
	if (size != f->shape.size)
		return err_set(e, "--where: '%s' has too many bytes to be compared", node->name);
	if (!value_put(&at, node->value, e))
		return err_where(e, "--where");
	f->bytes = (struct span){bytes, size, host_is_big()};
	struct typed_field whole = {.type = f->field.type, .means = f->field.means};
	typed_shape_number(&f->shape, whole, f->bytes, &f->number);
	return true;
}

static bool bind_value(struct bound_field *f, const struct btf *b, const struct filter_node *node,
	struct arena *a, struct err *e)
{
	const bool text = node->op == FILTER_HAS || node->op == FILTER_HAS_NOT;
	if (f->shape.kind == TYPED_STRUCT || f->shape.kind == TYPED_UNION) {
		err_set(e, "--where: '%s' has members", node->name);
		return err_hint(e, "choose one of them: %s.MEMBER", node->name);
	}
	if (node->op == FILTER_TRUE || text)
		return true;
	if (f->shape.kind == TYPED_STRING) {
		f->bytes = (struct span){
			(const uint8_t *)node->value, strlen(node->value), host_is_big()};
		return true;
	}
	bool number = is_of_records(f->shape.kind) || f->field.bit_size;
	if (number && !read_number(&f->shape, node->value, &f->number))
		return err_set(
			e, "--where: '%s' is a number, and '%s' is none", node->name, node->value);
	if (number)
		return true;
	if (!typed_is_number(f->shape.kind) && node->op != FILTER_EQ && node->op != FILTER_NE) {
		err_set(e, "--where: '%s' has no order", node->name);
		return err_hint(e, "use == or !=, or ~ for text that it contains");
	}
	return read_value(f, b, node, a, e);
}

/* Of a map, "key.NAME" and "value.NAME", or NAME if the key has it, else the value. */
static bool find_in(struct bound_field *f, const struct btf *b, const uint32_t *types, unsigned n,
	const char *name)
{
	for (unsigned i = 0; n > 1 && i < n; i++) {
		size_t length = strlen(parts[i]);
		if (strncmp(name, parts[i], length) != 0 || (name[length] && name[length] != '.'))
			continue;
		f->record = i;
		f->field = (struct typed_field){.type = types[i], .open = true};
		return !name[length] || row_find_field(b, types[i], name + length + 1, &f->field);
	}
	for (unsigned i = 0; i < n; i++)
		if (row_find_field(b, types[i], name, &f->field)) {
			f->record = i;
			return true;
		}
	return false;
}

bool row_filter_bind(struct row_bound *b, const struct row_filter *f, const struct btf *btf,
	const uint32_t *types, unsigned n, bool *missing, struct arena *a, struct err *e)
{
	char names[400] = "";
	*missing = false;
	*b = (struct row_bound){
		.filter = f, .btf = btf, .fields = arena_array(a, f->n, sizeof *b->fields)};
	if (!b->fields)
		return err_nomem(e);
	for (unsigned i = 0; i < f->n; i++) {
		const struct filter_node *node = &f->nodes[i];
		struct bound_field *field = &b->fields[i];
		if (!node->name)
			continue;
		if (!find_in(field, btf, types, n, node->name)) {
			*missing = true;
			err_set(e, "--where: there is no member '%s'", node->name);
			for (unsigned k = 0; k < n; k++)
				list_names(btf, types[k], n > 1 ? parts[k] : "value", names,
					sizeof names);
			return *names ? err_hint(e, "there are %s", names)
			              : err_hint(e, "the type is not known: --event gives it");
		}
		field->shape = typed_field_shape(btf, field->field);
		field->field.open &= !field->shape.size; /* an array with a length ends there */
		if (!bind_value(field, btf, node, a, e))
			return false;
	}
	return true;
}

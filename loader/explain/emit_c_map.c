/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What shows a map, as C: the cells of a row, the order of rows. */
#include "emit_c_impl.h"

#include "elf/base/format.h"
#include "loader/kernel/map_element.h"
#include "loader/show/map_view.h"

#include <inttypes.h>
#include <string.h>

struct shown_map {
	const struct plan_map *m;
	struct map_info info;
	struct map_layout layout;
	const char *name; /* of the variable with its descriptor */
	size_t stride;    /* from the value of a CPU to the next */
};

static size_t size_of(const struct shown_map *s, const struct table_col *c, bool key)
{
	bool untyped = key ? s->layout.untyped_key : s->layout.untyped_value;
	return untyped ? (key ? s->info.key_size : s->info.value_size) : (size_t)c->shape.size;
}

static bool is_number_size(size_t n)
{
	return n == 1 || n == 2 || n == 4 || n == 8;
}

static bool put_sum(struct emit *w, const struct shown_map *s, const struct table_col *c)
{
	char text[128];
	size_t size = size_of(s, c, false);
	if (c->field.bit_size || !is_number_size(size))
		return emit_refuse(w, "map '%s': sums of %s can't be shown by the C program",
			s->m->name, c->name);
	text_print(text, sizeof text, "sum(value + %" PRIu64 ", %zu, %zu)", c->field.bit_off / 8,
		size, s->stride);
	emit_use(w, PART_SUM);
	if (c->kind == TYPED_TIME) {
		emit_use(w, PART_TIME);
		put_text(w->show, "\tadd_time(%s, %d);\n", text,
			c->shape.unit == UNIT_MS ? 2 : c->shape.unit == UNIT_US);
	} else {
		put_text(w->show, "\tadd(\"%%%s\", %s%s);\n", c->is_signed ? "lld" : "llu",
			c->is_signed ? "(long long)" : "", text);
	}
	return true;
}

static bool put_cell(struct emit *w, const struct shown_map *s, const struct map_column *c)
{
	bool key = c->of == MAP_COLUMN_KEY;
	const struct map_layout *l = &s->layout;
	const struct emit_value v = {key ? "key" : "value", c->col->name, c->col->field, false};
	size_t size = size_of(s, c->col, key);
	if (!key && l->percpu)
		return put_sum(w, s, c->col);
	if (!(key ? l->untyped_key : l->untyped_value))
		return emit_value(w, &v, &c->col->shape);
	if (!is_number_size(size))
		return emit_refuse(w,
			"map '%s': bytes without a type can't be shown by the C program",
			s->m->name);
	emit_use(w, PART_NUMBER);
	put_text(w->show, "\tadd(\"%%llu\", number(%s, %zu));\n", v.base, size);
	return true;
}

static bool put_cells(struct emit *w, const struct shown_map *s)
{
	const struct map_layout *l = &s->layout;
	put_text(w->show, "\n/* map '");
	emit_comment(s->m->name, w->show);
	put_text(w->show,
		"' */\nstatic void cells_of_%s(const unsigned char *key, const unsigned char "
		"*value)\n"
		"{\n\t(void)key;\n\t(void)value;\n",
		s->name);
	for (unsigned i = 0; i < l->n; i++) {
		if (!put_cell(w, s, &l->columns[i]))
			return false;
		put_text(w->show, "\tend_cell();\n");
	}
	put_text(w->show, "}\n");
	return true;
}

/* Compares the keys of two rows, member by member. */
static void put_compare(struct emit *w, const struct shown_map *s)
{
	const struct map_layout *l = &s->layout;
	uint64_t done = 0;
	put_text(w->show,
		"\nstatic int compare_%s(const unsigned char *a, const unsigned char *b)\n{\n"
		"\tint order = 0;\n",
		s->name);
	for (unsigned k = 0; k < l->key.n; k++) {
		const struct table_col *next = NULL;
		for (unsigned i = 0; i < l->key.n; i++) {
			const struct table_col *c = &l->key.cols[i];
			if (c->field.bit_off >= done &&
				(!next || c->field.bit_off < next->field.bit_off))
				next = c;
		}
		if (!next)
			break;
		uint64_t at = next->field.bit_off / 8;
		size_t size = size_of(s, next, true);
		done = next->field.bit_off + 1;
		bool number =
			is_number_size(size) && (l->untyped_key || typed_is_number(next->kind));
		bool network = next->kind == TYPED_NET || next->kind == TYPED_IP4;
		if (number && !network) {
			const char *f = next->is_signed ? "signed_number" : "number";
			emit_use(w, next->is_signed ? PART_SIGNED : PART_NUMBER);
			put_text(w->show,
				"\tif (!order && %s(a + %" PRIu64 ", %zu) != %s(b + %" PRIu64
				", %zu))\n"
				"\t\torder = %s(a + %" PRIu64 ", %zu) < %s(b + %" PRIu64
				", %zu) ? -1 : 1;\n",
				f, at, size, f, at, size, f, at, size, f, at, size);
		} else {
			put_text(w->show,
				"\tif (!order)\n\t\torder = memcmp(a + %" PRIu64 ", b + %" PRIu64
				", %zu);\n",
				at, at, size);
		}
	}
	put_text(w->show, "\treturn order;\n}\n");
}

static bool put_count(struct emit *w, const struct shown_map *s)
{
	const struct table_col *c = s->layout.counter;
	if (!c)
		return true;
	size_t size = size_of(s, c, false);
	put_text(w->show,
		"\nstatic unsigned long long count_of_%s(const unsigned char *value)\n{\n",
		s->name);
	emit_use(w, s->layout.percpu ? PART_SUM : PART_NUMBER);
	if (s->layout.percpu)
		put_text(w->show, "\treturn sum(value + %" PRIu64 ", %zu, %zu);\n}\n",
			c->field.bit_off / 8, size, s->stride);
	else
		put_text(w->show, "\treturn number(value + %" PRIu64 ", %zu);\n}\n",
			c->field.bit_off / 8, size);
	return true;
}

static bool put_table(struct emit *w, const struct shown_map *s)
{
	const struct map_layout *l = &s->layout;
	emit_use(w, PART_TABLE);
	if (!put_cells(w, s) || !put_count(w, s))
		return false;
	put_compare(w, s);
	put_text(w->show, "\nstatic void show_%s(void)\n{\n\tstatic const char *const heads[] = {",
		s->name);
	for (unsigned i = 0; i < l->n; i++) {
		emit_string(l->columns[i].head, strlen(l->columns[i].head), "\t\t", w->show);
		print(w->show, i + 1 < l->n ? ", " : "};\n");
	}
	put_text(w->show, "\tstruct map map = {.name = ");
	emit_string(s->m->name, strlen(s->m->name), "\t\t", w->show);
	put_text(w->show,
		",\n\t\t.key_size = %" PRIu32 ",\n\t\t.value_size = %zu%s,\n"
		"\t\t.max_entries = %" PRIu32 ",\n\t\t.indexed = %d,\n\t\t.has_ids = %d,\n"
		"\t\t.n_columns = %u,\n\t\t.heads = heads,\n\t\t.right = \"",
		s->info.key_size, l->percpu ? s->stride : s->info.value_size,
		l->percpu ? " * cpus()" : "", s->info.max_entries, l->indexed, l->has_ids, l->n);
	for (unsigned i = 0; i < l->n; i++)
		fputc(l->columns[i].right ? 'r' : 'l', w->show);
	put_text(w->show, "\",\n\t\t.cells = cells_of_%s,\n\t\t.compare = compare_%s", s->name,
		s->name);
	if (l->counter)
		put_text(w->show, ",\n\t\t.count = count_of_%s", s->name);
	if (l->percpu)
		emit_use(w, PART_SUM);
	put_text(w->show, "};\n\tshow_map(%s, &map);\n}\n", s->name);
	return true;
}

/* ---- values and variables ---- */

static void put_read(struct emit *w, const struct shown_map *s)
{
	emit_use(w, PART_LOOKUP);
	emit_use(w, PART_LINE);
	put_text(w->show,
		"\nstatic void show_%s(void)\n{\n\tunsigned char value[%" PRIu32 "] = {0};\n"
		"\tuint32_t key = 0;\n\tlookup(%s, &key, value);\n",
		s->name, s->info.value_size, s->name);
}

static void put_add_text(struct emit *w, const char *before, const char *name, const char *after)
{
	put_text(w->show, "\tadd(\"%%s\", \"%s\" ", before);
	emit_string(name, strlen(name), "\t\t", w->show);
	put_text(w->show, " \"%s\");\n", after);
}

static bool put_value(struct emit *w, const struct shown_map *s)
{
	const struct map_layout *l = &s->layout;
	const struct typed_field whole = {.type = s->m->value_type};
	const struct emit_value v = {"value", s->m->name, whole, true};
	struct typed_shape shape = typed_shape(w->has_btf ? &w->btf : NULL, s->m->value_type);
	put_read(w, s);
	put_add_text(w, "", s->m->name, ": ");
	bool ok = l->untyped_value ? put_cell(w, s, &l->columns[l->n - 1])
	                           : emit_value(w, &v, &shape);
	put_text(w->show, "\tend_line();\n}\n");
	return ok;
}

/* Format strings of bpf_printk() are variables, too. */
static bool is_format(const char *name)
{
	return strstr(name, "____fmt") || strstr(name, "___fmt");
}

static bool put_variables(struct emit *w, const struct shown_map *s)
{
	struct typed_shape section = typed_shape(&w->btf, s->m->value_type);
	struct typed_field part;
	const char *name;
	char after[48];
	uint32_t n = 0;
	for (uint32_t i = 0; typed_part(&section, (struct typed_field){0}, i, &name, &part); i++)
		n += !is_format(name);
	text_print(after, sizeof after, ": %" PRIu32 " variable%s", n, n == 1 ? "" : "s");
	put_read(w, s);
	put_add_text(w, "", s->m->name, after);
	put_text(w->show, "\tend_line();\n");
	for (uint32_t i = 0; typed_part(&section, (struct typed_field){0}, i, &name, &part); i++) {
		struct typed_shape shape = typed_field_shape(&w->btf, part);
		const struct emit_value v = {"value", name, part, true};
		if (is_format(name))
			continue;
		put_add_text(w, "  ", name, " = ");
		if (!emit_value(w, &v, &shape))
			return false;
		put_text(w->show, "\tend_line();\n");
	}
	put_text(w->show, "}\n");
	return true;
}

bool emit_map(struct emit *w, const struct plan_map *m)
{
	struct shown_map s = {.m = m,
		.info = {m->name, m->map_type, m->key_size, m->value_size, m->max_entries,
			m->map_flags},
		.name = w->slots[m->slot]};
	const struct map_view view = {.info = &s.info,
		.btf = w->has_btf ? &w->btf : NULL,
		.key_type = m->key_type,
		.value_type = m->value_type};
	s.stride = map_value_stride(&s.info);
	if (!map_layout_make(&s.layout, &view, w->arena, w->e))
		return false;
	switch (s.layout.form) {
	case MAP_FORM_VARIABLES:
		return put_variables(w, &s);
	case MAP_FORM_VALUE:
		return put_value(w, &s);
	case MAP_FORM_TABLE:
		return put_table(w, &s);
	default:
		return emit_refuse(
			w, "map '%s': %s can't be shown by the C program", m->name, s.layout.other);
	}
}

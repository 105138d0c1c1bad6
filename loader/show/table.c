/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "table.h"

#include "terminal.h"

#include "elf/base/format.h"

#include <string.h>

enum {
	STRING_MAX = 32,   /* longer char arrays are long text */
	LONG_WIDTH = 24,   /* of long text, unless it is the last column */
	LONG_LAST = 16,    /* reserved for long text in the last column */
	SHRUNK = 12,       /* columns are never narrowed below this */
	TOTAL_MAX = 160,   /* wider records are not shown in columns */
	NAME_MAX_LEN = 64, /* of a flattened name */
	NODES = 256,
	TIME_WIDTH = 8,
	INSTANT_WIDTH = 12, /* +1234.567890 */
	ERRNO_WIDTH = 10,   /* -11 EAGAIN */
	LINE_ROOM = 1024,   /* output buffer */
	SYMBOL_WIDTH = 24,
};

static bool is_padding(const char *name)
{
	static const char *const words[] = {"pad", "padding", "reserved", "unused"};
	name += strspn(name, "_");
	size_t n = strcspn(name, "_0123456789");
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (n == strlen(words[i]) && !strncmp(name, words[i], n) &&
			name[n + strspn(name + n, "_0123456789")] == 0)
			return true;
	return false;
}

/* Results are small numbers: an errno, a file descriptor. */
static bool is_result(const char *name)
{
	static const char *const words[] = {
		"ret", "retval", "rc", "res", "err", "errno", "error", "fd"};
	const char *dot = strrchr(name, '.');
	name = dot ? dot + 1 : name;
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(name, words[i]))
			return true;
	return false;
}

static unsigned enum_width(const struct typed_shape *s)
{
	size_t width = 4;
	for (uint32_t i = 0; i < s->t.vlen && i < 1024; i++) {
		size_t n = strlen(btf_enumerator(&s->t, i).name);
		width = n > width ? n : width;
	}
	return width < 20 ? (unsigned)width : 20;
}

static unsigned int_width(const struct typed_shape *s, const struct table_col *c)
{
	/* Columns by size in bytes: for typical counts, ids and flags, not for the maximum. */
	static const uint8_t widths[] = {0, 3, 5, 6, 6, 8, 8, 12, 12};
	if (s->size > 8)
		return 18;
	if (c->field.bit_size)
		return c->field.bit_size / 3u + 1 + s->is_signed;
	if (s->is_signed && s->size == 4 && is_result(c->name))
		return 4;
	return widths[s->size];
}

static void shape_col(struct table_col *c, const struct typed_shape *s)
{
	c->shape = *s;
	c->value = row_value_of(s, c->field);
	c->kind = s->kind;
	c->is_signed = s->is_signed;
	unsigned width = 0;
	switch (s->kind) {
	case TYPED_INT:
	case TYPED_NET:
		width = int_width(s, c);
		break;
	case TYPED_TIME:
		width = TIME_WIDTH;
		break;
	case TYPED_INSTANT:
		width = INSTANT_WIDTH;
		break;
	case TYPED_ERRNO:
		width = ERRNO_WIDTH;
		break;
	case TYPED_CGROUP:
	case TYPED_KADDR:
	case TYPED_UADDR:
		width = SYMBOL_WIDTH;
		break;
	case TYPED_DEV:
		width = 7;
		break;
	case TYPED_HEX:
	case TYPED_BOOL:
		width = 5;
		break;
	case TYPED_CHAR:
		width = 4;
		break;
	case TYPED_ENUM:
		width = enum_width(s);
		break;
	case TYPED_PTR:
		width = 2 + 2 * (unsigned)s->size;
		break;
	case TYPED_FLOAT:
		width = 10;
		break;
	case TYPED_IP:
	case TYPED_IP4:
		width = 15;
		break;
	case TYPED_IP6:
		width = 25;
		break;
	case TYPED_STRING:
		width = s->size <= STRING_MAX ? (unsigned)s->size : 0;
		break;
	case TYPED_BYTES: /* a MAC address, or a comm; else a list of numbers */
		width = s->size == 6 ? 17 : s->size == 16 ? 16 : 0;
		break;
	default:
		break;
	}
	c->is_long = !width;
	size_t head = strlen(c->head);
	c->width = width > head ? width : (unsigned)head;
}

struct layout {
	struct table *t;
	struct arena *a;
	struct table_col cols[TABLE_COLS];
	unsigned n;
	unsigned nodes; /* members visited: bounds the work for recursive types */
	bool too_many, no_memory;
};

static char *capitals(struct arena *a, const char *name, bool inferred)
{
	bool certain = *name && name[strlen(name) - 1] != '?';
	char *head = arena_printf(a, "%.*s%s", NAME_MAX_LEN, name, inferred && certain ? "~" : "");
	for (char *p = head; p && *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return head;
}

static void add_col(struct layout *l, const char *name, const char *head, struct typed_field f,
	const struct typed_shape *s)
{
	bool whole;
	if (!row_list_has(l->t->fields, name, &whole) || !whole)
		return;
	if (l->n == TABLE_COLS) {
		l->too_many = true;
		return;
	}
	struct table_col *c = &l->cols[l->n++];
	l->t->named |= typed_needs_names(s->kind);
	*c = (struct table_col){.name = arena_strndup(l->a, name, NAME_MAX_LEN),
		.head = head ? head : capitals(l->a, name, l->t->inferred),
		.field = f};
	if (!c->name || !c->head)
		l->no_memory = true;
	else
		shape_col(c, s);
}

/* "v4|v6" for an anonymous union. */
static void name_union(const struct typed_shape *s, char *name, size_t size)
{
	struct typed_field part;
	const char *member;
	size_t n = strlen(name);
	for (uint32_t i = 0;
		n + 1 < size && typed_part(s, (struct typed_field){0}, i, &member, &part); i++) {
		text_print(name + n, size - n, "%s%s", i ? "|" : "", *member ? member : "...");
		n += strlen(name + n);
	}
}

static void flatten(struct layout *l, const struct typed_shape *s, struct typed_field f,
	const char *prefix, unsigned depth)
{
	struct typed_field part;
	const char *member;
	for (uint32_t i = 0; !l->too_many && typed_part(s, f, i, &member, &part); i++) {
		struct typed_shape m = typed_field_shape(l->t->btf, part);
		if (++l->nodes > NODES)
			l->too_many = true;
		if (m.kind == TYPED_KERNEL || (!l->t->fields && is_padding(member)))
			continue;
		char name[NAME_MAX_LEN + 1];
		bool dot = *prefix && (*member || m.kind != TYPED_STRUCT);
		text_print(name, sizeof name, "%s%s%s", prefix, dot ? "." : "", member);
		if (m.kind == TYPED_STRUCT) {
			if (depth == BTF_DEPTH)
				l->too_many = true;
			else
				flatten(l, &m, part, name, depth + 1);
			continue;
		}
		if (!*member)
			name_union(&m, name, sizeof name);
		add_col(l, name, NULL, part, &m);
	}
}

/* The number of the field in the list that a column belongs to. */
static unsigned field_number(const char *fields, const char *name)
{
	char item[NAME_MAX_LEN + 1];
	bool whole;
	unsigned n = 0;
	for (const char *at = fields; *at; n++) {
		size_t length = strcspn(at, ",");
		text_print(item, sizeof item, "%.*s", (int)length, at);
		if (row_list_has(item, name, &whole) && whole)
			break;
		at += length + (at[length] == ',');
	}
	return n;
}

/* In the order of the list; else arrays and unions after the rest, long text last, and otherwise in the order of
 * the members. */
static void order_cols(struct layout *l)
{
	struct table_col *out = l->t->cols;
	const char *fields = l->t->fields;
	for (unsigned k = 0; fields && out < l->t->cols + l->n; k++)
		for (unsigned i = 0; i < l->n; i++)
			if (field_number(fields, l->cols[i].name) == k)
				*out++ = l->cols[i];
	if (fields)
		return;
	for (int rank = 0; rank < 3; rank++)
		for (unsigned i = 0; i < l->n; i++) {
			const struct table_col *c = &l->cols[i];
			if ((c->is_long ? 1 + (c->kind == TYPED_STRING) : 0) == rank)
				*out++ = *c;
		}
}

static unsigned total_width(const struct table *t)
{
	unsigned total = 0;
	for (unsigned i = 0; i + 1 < t->n; i++)
		total += t->cols[i].width + 1;
	const struct table_col *last = &t->cols[t->n - 1];
	return total + (last->is_long && last->width < LONG_LAST ? LONG_LAST : last->width);
}

/* Narrows the widest columns until the row fits. */
static void shrink(struct table *t)
{
	while (total_width(t) > TERMINAL_WIDTH) {
		struct table_col *widest = NULL;
		for (unsigned i = 0; i + 1 < t->n; i++) {
			struct table_col *c = &t->cols[i];
			if (c->width > SHRUNK && c->width > strlen(c->head) &&
				(!widest || c->width > widest->width))
				widest = c;
		}
		if (!widest)
			return;
		widest->width--;
	}
}

static bool prepare(struct table *t, struct arena *a)
{
	t->values = arena_array(a, t->n, sizeof *t->values);
	t->starts = arena_array(a, t->n, sizeof *t->starts);
	if (!t->values || !t->starts)
		return false;
	for (unsigned i = 0; i < t->n; i++) {
		const struct table_col *c = &t->cols[i];
		t->values[i] = c->value;
		t->starts[i] = (uint16_t)(i ? t->starts[i - 1] + c[-1].width + 1 : 0);
	}
	return true;
}

bool table_make(struct table *t, const struct btf *b, uint32_t type, const char *head,
	const char *fields, struct arena *a, struct err *e)
{
	struct typed_shape s = typed_shape(b, type);
	*t = (struct table){.btf = s.kind == TYPED_NONE ? NULL : b, .type = type, .fields = fields};
	if (!t->btf)
		return true;
	const char *name = btf_name(&s.t);
	t->inferred = *name && name[strlen(name) - 1] == '~';
	struct layout l = {.t = t, .a = a};
	struct typed_field whole = {.type = type, .open = true};
	if (s.kind == TYPED_STRUCT)
		flatten(&l, &s, whole, "", 0);
	else
		add_col(&l, "value", table_type_head(b, type, head, a), whole, &s);
	if (l.too_many || (!l.n && !l.no_memory))
		return true;
	t->cols = arena_array(a, l.n, sizeof *t->cols);
	if (!t->cols || l.no_memory)
		return err_nomem(e);
	t->n = l.n;
	order_cols(&l);
	for (unsigned i = 0; i + 1 < t->n; i++)
		if (t->cols[i].is_long && t->cols[i].width < LONG_WIDTH)
			t->cols[i].width = LONG_WIDTH;
	shrink(t);
	if (total_width(t) > TOTAL_MAX)
		t->n = 0;
	return prepare(t, a) || err_nomem(e);
}

void table_head(const struct table *t, FILE *out)
{
	struct typed_out o = {.file = out};
	for (unsigned i = 0; i < t->n; i++) {
		if (i)
			row_gap(&o, t->starts[i]);
		typed_name(&o, t->cols[i].head);
	}
	if (t->n)
		fputc('\n', out);
}

/* u32, __u64, s8, uint32_t, __be16, bool: names that denote a width, not a meaning. */
static bool is_width_name(const char *name)
{
	static const char *const words[] = {"u", "s", "int", "uint", "be", "le", "long", "ulong",
		"short", "ushort", "char", "uchar", "byte", "bool", "size", "ssize", "unsigned"};
	name += strspn(name, "_");
	size_t n = strcspn(name, "_0123456789");
	const char *rest = name + n + strspn(name + n, "0123456789");
	if (*rest && strcmp(rest, "_t") != 0)
		return false;
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (n == strlen(words[i]) && !strncmp(name, words[i], n))
			return true;
	return n == 0;
}

const char *table_type_head(
	const struct btf *b, uint32_t type, const char *otherwise, struct arena *a)
{
	struct typed_shape s = typed_shape(b, type);
	struct btf_type t;
	if (typed_needs_names(s.kind))
		return s.kind == TYPED_KADDR || s.kind == TYPED_UADDR ? "FUNCTION" : "STACK";
	for (unsigned depth = 0; b && depth < BTF_DEPTH && btf_type(b, type, &t); depth++) {
		bool named = btf_kind_in(t.kind, BTF_COMPOSITES | BTF_ENUMS | 1u << BTF_TYPEDEF);
		const char *name = btf_name(&t);
		if (named && !is_width_name(name) && strcmp(name, "in_addr") &&
			strcmp(name, "in6_addr")) {
			char *head = capitals(a, name, false);
			size_t n = head ? strlen(head) : 0;
			if (n > 2 && !strcmp(head + n - 2, "_T"))
				head[n - 2] = 0;
			return head;
		}
		if (type == s.id || !t.type)
			break;
		type = t.type;
	}
	return s.kind == TYPED_IP4 || s.kind == TYPED_IP6 ? "IP" : otherwise;
}

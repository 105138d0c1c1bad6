/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "layout.h"

#include "source_name.h"

#include <stdlib.h>

enum {
	FIELDS_MAX = 512,
	NEIGHBOURS_MAX = 512, /* writes up to which source lines are compared */
	LINE_RECORD = 16,
};

/* A write, and what it tells. */
struct clue {
	const struct write *w;
	struct layout_field f;
	struct source_name name;
	const char *text; /* of the source line */
	uint32_t file, line;
	bool weak;    /* a constant, or an element: part of a larger field if there is one */
	bool merged;  /* several stores that are one in the source */
	bool unnamed; /* the writes to this field disagree on its name */
};

struct maker {
	const struct object *o;
	struct arena *arena, *scratch; /* for the layout; for temporary data */
	struct clue *clues;
	size_t n;
	struct layout *out;
	const struct write_list *writes;
	uint32_t size;
	const struct obj_func *lines_of; /* the function that has these line records */
	struct span lines;
	uint32_t line_size;
};

static uint32_t end_of(const struct layout_field *f)
{
	return f->off + f->size;
}

/* ---- source lines ---- */

enum { INSN_OFF = 0, FILE_NAME = 4, TEXT = 8, LINE_COL = 12, COL_BITS = 10 };

/* The number of records of a list that start before an offset. */
static size_t records_before(struct span list, uint32_t size, uint64_t off)
{
	size_t low = 0, high = size >= LINE_RECORD ? list.n / size : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (span_u32(list, middle * size + INSN_OFF) < off)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The line records of a function: m->lines. */
static void find_lines(struct maker *m, const struct obj_func *f)
{
	const struct object *o = m->o;
	if (m->lines_of == f || !o->has_btf || !o->has_ext)
		return;
	struct span list = btf_ext_section(
		&o->ext, BTF_EXT_LINE, &o->btf, o->elf.sections[f->section].name, &m->line_size);
	size_t first = records_before(list, m->line_size, f->off);
	size_t end = records_before(list, m->line_size, f->off + f->size);
	m->lines_of = f;
	m->lines = span_sub(list, first * m->line_size, (end - first) * m->line_size);
}

/* The last record at or before an instruction. */
static void find_line(struct maker *m, struct clue *c)
{
	const struct obj_func *f = c->w->f;
	find_lines(m, f);
	struct span list = m->lines;
	uint32_t size = m->line_size;
	size_t low = records_before(list, size, f->off + (uint64_t)c->w->insn * INSN_SIZE + 1);
	c->text = "";
	if (!low)
		return;
	struct span record = span_sub(list, (low - 1) * size, size);
	uint32_t line_col = span_u32(record, LINE_COL);
	c->text = btf_str(&m->o->btf, span_u32(record, TEXT));
	c->file = span_u32(record, FILE_NAME);
	c->line = line_col >> COL_BITS;
	unsigned column = line_col & ((1u << COL_BITS) - 1);
	c->name = c->w->kind == WRITE_STORE ? source_name_of_store(c->text, column)
	                                    : source_name_of_fill(c->text, column);
}

/* Whether the function has code of every source line around that of a clue. */
static bool has_lines_around(struct maker *m, const struct clue *c)
{
	enum { AROUND = 8 };
	uint32_t first = c->line, last = c->line;
	uint64_t seen = 0;
	const struct obj_func *f = c->w->f;
	find_lines(m, f);
	for (size_t i = 0; i < m->n; i++) {
		const struct clue *x = &m->clues[i];
		if (x->w->f != f || x->file != c->file)
			continue;
		first = x->line < first ? x->line : first;
		last = x->line > last ? x->line : last;
	}
	for (uint64_t at = 0; at < m->lines.n; at += m->line_size) {
		uint32_t line = span_u32(m->lines, at + LINE_COL) >> COL_BITS;
		if (span_u32(m->lines, at + FILE_NAME) == c->file && line + AROUND >= c->line &&
			line <= c->line + AROUND)
			seen |= (uint64_t)1 << (line + AROUND - c->line);
	}
	/* Far before the first and after the last one, other things may be. */
	first -= c->line - first < 2;
	last += last - c->line < 2;
	for (uint32_t i = 0; i <= 2 * AROUND; i++) {
		uint32_t line = c->line + i - AROUND;
		if (c->line + i >= AROUND && line >= first && line <= last && !(seen >> i & 1))
			return false;
	}
	return true;
}

/* ---- clues ---- */

static uint8_t kind_of_result(struct value v, uint32_t len)
{
	bool low = v.part == PART_LOW || (v.part == PART_WHOLE && len == 4);
	bool half = len == 4 && (low || v.part == PART_HIGH) && !v.off;
	switch (v.means) {
	case MEANS_PID_TGID:
		return half ? LAYOUT_PID : LAYOUT_INT;
	case MEANS_UID_GID:
		return !half ? LAYOUT_INT : low ? LAYOUT_UID : LAYOUT_GID;
	case MEANS_KERNEL_STACK:
		return len == 4 ? LAYOUT_KERNEL_STACK : LAYOUT_SIGNED;
	case MEANS_USER_STACK:
		return len == 4 ? LAYOUT_USER_STACK : LAYOUT_SIGNED;
	case MEANS_KERNEL_ADDRESS:
		return len == 8 && v.part == PART_WHOLE ? LAYOUT_KERNEL_ADDRESS : LAYOUT_INT;
	default:
		return v.is_signed ? LAYOUT_SIGNED : LAYOUT_INT;
	}
}

/* Whether what is stored was loaded with the same width. */
static bool is_copied(const struct clue *c)
{
	const struct value *v = &c->w->v;
	return (v->kind == VALUE_UNKNOWN || v->kind == VALUE_UPTO || v->kind == VALUE_PIECE) &&
	       v->width == c->f.size;
}

static void read_store(const struct maker *m, struct clue *c)
{
	struct value v = c->w->v;
	struct layout_field *f = &c->f;
	bool copied = is_copied(c); /* perhaps as several members */
	f->kind = LAYOUT_INT;
	f->sure = f->size == 1;
	switch (v.kind) {
	case VALUE_NUMBER:
		c->weak = true;
		if (c->name.text && f->size > 1)
			f->kind = LAYOUT_TEXT;
		break;
	case VALUE_PIECE:
		f->type = flow_type_at(&m->o->btf, v.id, v.off, f->size);
		f->sure |= f->type || !copied;
		if (f->type)
			f->kind = LAYOUT_TYPE;
		break;
	case VALUE_RESULT:
		f->sure = true;
		f->kind = kind_of_result(v, f->size);
		break;
	case VALUE_UNKNOWN:
	case VALUE_UPTO:
		f->sure |= !copied && v.part != PART_HIGH;
		f->kind = v.is_signed ? LAYOUT_SIGNED : LAYOUT_INT;
		break;
	default:
		f->sure = true;
		break;
	}
	/* Unaligned members are stored byte by byte. */
	f->sure &= !c->name.partial && (c->name.p || f->size > 1);
	c->weak |= c->name.partial;
	if (!c->w->to.vague && !c->name.indexed)
		return;
	/* An element of an array, which begins here if the index is not constant. */
	c->weak = true;
	f->sure = false;
	uint32_t before = c->name.index > 0 ? (uint32_t)c->name.index * f->size : 0;
	f->off -= before > f->off ? 0 : before;
	f->size = 0;
}

static void read_fill(const struct maker *m, struct clue *c)
{
	enum { USER_STACK = 256 };
	struct value v = c->w->v;
	struct layout_field *f = &c->f;
	f->sure = f->size && !c->w->to.vague;
	if (c->name.indexed && (c->w->kind != WRITE_TEXT || c->name.index)) {
		f->sure = false; /* an element, or all from there on */
		c->weak = true;
		f->size = c->w->kind == WRITE_COPY ? 0 : f->size;
	}
	switch (c->w->kind) {
	case WRITE_TEXT:
		f->kind = LAYOUT_TEXT;
		if (f->size == 1) { /* sizeof of an element by mistake */
			f->size = 0;
			f->sure = false;
		}
		break;
	case WRITE_STACK:
		f->kind = v.kind != VALUE_NUMBER ? LAYOUT_WORDS
		          : v.off & USER_STACK   ? LAYOUT_USER_TRACE
		                                 : LAYOUT_KERNEL_TRACE;
		break;
	case WRITE_COPY:
		if (v.kind == VALUE_ADDRESS)
			f->type = flow_type_at(&m->o->btf, v.id, v.off, f->size);
		f->kind = f->type ? LAYOUT_TYPE : LAYOUT_INT;
		break;
	default:
		f->kind = LAYOUT_BYTES;
		break;
	}
}

/* Initialisation of the whole record tells nothing about its members. */
static bool tells_nothing(const struct clue *c)
{
	return c->w->partial ||
	       (c->w->kind == WRITE_STORE && c->w->v.kind == VALUE_NUMBER && !c->name.p);
}

static void read_clues(struct maker *m)
{
	for (size_t i = 0; i < m->writes->n; i++) {
		const struct write *w = &m->writes->items[i];
		struct clue *c = &m->clues[m->n];
		*c = (struct clue){.w = w, .f.off = (uint32_t)w->to.off, .f.size = w->len};
		if (w->len > INT32_MAX)
			continue;
		find_line(m, c);
		if (tells_nothing(c))
			continue;
		if (w->kind == WRITE_STORE)
			read_store(m, c);
		else
			read_fill(m, c);
		m->n++;
	}
}

/* ---- stores that are one in the source ---- */

static int compare(uint64_t x, uint64_t y)
{
	return x < y ? -1 : x > y;
}

/* The stores of one statement next to each other, by offset. */
static int by_statement(const void *a, const void *b)
{
	const struct clue *x = a, *y = b;
	int order = compare((uintptr_t)x->w->f, (uintptr_t)y->w->f);
	if (!order)
		order = compare(x->line, y->line);
	if (!order)
		order = compare((uintptr_t)x->name.p, (uintptr_t)y->name.p);
	if (!order)
		order = compare(x->f.off, y->f.off);
	return order ? order : compare(x->w->insn, y->w->insn);
}

static bool same_statement(const struct clue *x, const struct clue *y)
{
	return x->w->f == y->w->f && x->line == y->line && source_name_same(x->name, y->name) &&
	       x->name.p == y->name.p && x->w->kind == WRITE_STORE && y->w->kind == WRITE_STORE &&
	       !x->name.indexed;
}

/* The type of `len` bytes that n stores have copied, if they are one object. */
static uint32_t copied_type(const struct maker *m, const struct clue *c, size_t n, uint32_t len)
{
	const struct value *first = &c->w->v;
	for (size_t i = 0; i < n; i++) {
		const struct value *v = &c[i].w->v;
		if (v->kind != VALUE_PIECE || v->id != first->id ||
			(int64_t)v->off - first->off != (int64_t)c[i].f.off - c->f.off)
			return 0;
	}
	return flow_type_at(&m->o->btf, first->id, first->off, len);
}

/* n stores with one name become one field if there is no gap. */
static void merge_stores(const struct maker *m, struct clue *c, size_t n)
{
	uint32_t off = c->f.off, end = off;
	bool whole = true, several = false, constant = c->w->v.kind == VALUE_NUMBER;
	bool even = true;
	size_t copied = 0;
	for (size_t i = 0; i < n; i++) {
		copied += is_copied(&c[i]);
		even &= c[i].f.size == c->f.size;
		whole &= c[i].f.off <= end && !c[i].w->to.vague &&
		         constant == (c[i].w->v.kind == VALUE_NUMBER);
		several |= c[i].f.off != off || c[i].f.size != c->f.size;
		if (c[i].f.off + c[i].f.size > end)
			end = c[i].f.off + c[i].f.size;
	}
	/* A store without a line of its own seems to be of the line before it: what is not copied may be
	 * another member. */
	whole &= constant || copied == n || (n >= 4 && copied >= n - n / 4) || (n >= 8 && even);
	if (!several)
		return;
	for (size_t i = 0; i < n; i++) {
		if (!whole) { /* which of them the name is for is unclear */
			c[i].name.p = NULL;
			c[i].f.sure = false;
			continue;
		}
		/* Constants at its ends may be merged with those of its neighbours. */
		c[i].merged = true;
		c[i].f.sure = !constant;
		c[i].weak = constant;
	}
	if (!whole)
		return;
	uint32_t type = copied_type(m, c, n, end - off);
	for (size_t i = 0; i < n; i++) {
		c[i].f.off = off;
		c[i].f.size = end - off;
		c[i].f.type = type;
		c[i].f.kind = type ? LAYOUT_TYPE : LAYOUT_BYTES;
	}
}

/* Whether a store is one of several of a statement. */
static bool in_group(const struct maker *m, const struct write *w)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->clues[i].w == w)
			return m->clues[i].merged;
	return false;
}

/* Whether constants are stored next to a field that an initialisation left: a part of it may have been
 * merged with the field. Not if it stores to the field, too, before that. */
static bool is_next_to_init(struct maker *m, const struct clue *c)
{
	const struct write_list *list = m->writes;
	bool next = false;
	for (size_t i = 0; i < list->n; i++) {
		const struct write *w = &list->items[i];
		int64_t off = w->to.off, end = off + w->len;
		if (w->kind != WRITE_STORE || w->v.kind != VALUE_NUMBER || w == c->w)
			continue;
		if (w->f == c->w->f && off < end_of(&c->f) && end > c->f.off) {
			if (off <= c->f.off && end >= end_of(&c->f) && w->insn < c->w->insn)
				return false;
			continue;
		}
		struct clue other = {.w = w};
		find_line(m, &other);
		if (end == c->f.off || off == end_of(&c->f))
			next |= !other.name.p || in_group(m, w);
	}
	return next;
}

/* A constant, or a copy, that may be several is one member if the lines around it are accounted for. That of
 * an initialiser may include zeros of members that no line mentions. */
static bool may_be_one(struct maker *m, const struct clue *c)
{
	bool initial = c->name.initial && c->w->v.kind == VALUE_NUMBER;
	return !c->f.sure && !initial && c->name.p && c->name.alone && !c->merged &&
	       !c->name.partial && !c->name.indexed && !c->w->to.vague && c->f.size &&
	       c->line > 1 && has_lines_around(m, c) && !is_next_to_init(m, c);
}

static void merge_statements(struct maker *m)
{
	qsort(m->clues, m->n, sizeof *m->clues, by_statement);
	for (size_t i = 0, n; i < m->n; i += n) {
		for (n = 1; i + n < m->n && same_statement(&m->clues[i], &m->clues[i + n]); n++)
			;
		merge_stores(m, &m->clues[i], n);
	}
	/* Without names, stores next to each other may be of one member. */
	for (size_t i = 1; i < m->n; i++) {
		struct clue *x = &m->clues[i - 1], *y = &m->clues[i];
		if (!x->name.p && !y->name.p && x->w->kind == WRITE_STORE && x->w->f == y->w->f &&
			y->w->kind == WRITE_STORE && x->line == y->line &&
			end_of(&x->f) == y->f.off)
			x->f.sure = y->f.sure = false;
	}
	for (size_t i = 0; i < m->n && m->n <= NEIGHBOURS_MAX; i++)
		if (may_be_one(m, &m->clues[i]))
			m->clues[i].f.sure = true;
}

/* ---- fields ---- */

static bool overlap(const struct layout_field *x, const struct layout_field *y)
{
	return x->off < end_of(y) && y->off < end_of(x);
}

static bool inside(const struct layout_field *x, const struct layout_field *y)
{
	return x->off >= y->off && end_of(x) <= end_of(y);
}

/* Those that are certain first, then those without an end; of each, in the order of offsets, the larger
 * and the more specific first. */
static int by_place(const void *a, const void *b)
{
	const struct clue *x = a, *y = b;
	int order = compare(!x->f.sure, !y->f.sure);
	if (!order)
		order = compare(!x->f.size, !y->f.size);
	if (!order)
		order = compare(x->f.off, y->f.off);
	if (!order)
		order = compare(y->f.size, x->f.size);
	if (!order)
		order = compare(x->weak, y->weak);
	if (!order)
		order = compare(y->f.kind, x->f.kind);
	if (!order)
		order = compare(!x->name.p, !y->name.p);
	return order ? order : compare(x->w->insn, y->w->insn);
}

/* Whether the largest size that the code allows is that of a buffer, perhaps without a NUL. */
static bool is_most(const struct write *w, uint32_t size)
{
	return w->most && w->kind != WRITE_STORE && (size == w->most || size == w->most + 1);
}

/* Another write to the same field: they have to agree on its name and type. */
static void agree(struct clue *x, const struct clue *y)
{
	if (y->name.p && !x->name.p && !x->unnamed)
		x->name = y->name;
	if (y->name.p && x->name.p && !source_name_same(x->name, y->name)) {
		x->name.p = NULL;
		x->unnamed = true;
	}
	if (x->f.kind == LAYOUT_TYPE && y->f.kind == LAYOUT_TYPE && x->f.type != y->f.type &&
		!y->weak)
		x->f.kind = LAYOUT_INT;
	if (x->f.kind == LAYOUT_BYTES && y->f.kind == LAYOUT_TEXT)
		x->f.kind = LAYOUT_TEXT;
	if (!y->f.size && is_most(y->w, x->f.size))
		x->f.sure = true;
	x->weak &= y->weak;
}

/* Two members in one place of the same record: of a union, if one starts with the other. */
static bool is_union(const struct clue *x, const struct clue *y)
{
	const struct value *v = &x->w->to, *w = &y->w->to;
	bool same = x->w->f == y->w->f && v->kind == w->kind && v->id == w->id && v->at == w->at;
	return same && x->f.off == y->f.off && x->f.size > y->f.size && x->f.sure && x->name.p &&
	       y->name.p && !x->weak;
}

static void conflict(struct maker *m, struct clue *x, const struct clue *y)
{
	bool place = is_union(x, y);
	uint32_t end = end_of(&x->f) > end_of(&y->f) ? end_of(&x->f) : end_of(&y->f);
	x->f.problem = arena_printf(m->arena, "written as %u bytes at %u and %u at %u", x->f.size,
		x->f.off, y->f.size, y->f.off);
	x->f.off = x->f.off < y->f.off ? x->f.off : y->f.off;
	x->f.size = end - x->f.off;
	x->f.kind = LAYOUT_BYTES;
	x->f.sure = place;
	x->name.p = NULL;
}

/* What becomes of a clue next to a field that overlaps it. */
enum outcome { OTHER_PLACE, SAME_FIELD, PART_OF_IT, REPLACES_IT, CONFLICT };

static enum outcome relate(const struct clue *c, const struct clue *field)
{
	struct layout_field point = c->f;
	point.size += !point.size;
	struct layout_field area = field->f;
	area.size += !area.size;
	if (!overlap(&point, &area))
		return OTHER_PLACE;
	if (c->f.off == field->f.off && (c->f.size == field->f.size || !c->f.size))
		return SAME_FIELD;
	if (!c->f.sure)
		return PART_OF_IT;
	if (!inside(&c->f, &field->f))
		return CONFLICT;
	if (c->weak || source_name_same(c->name, field->name) || field->f.problem)
		return PART_OF_IT;
	return field->weak ? REPLACES_IT : CONFLICT;
}

static void drop_field(struct clue *fields, size_t *n, size_t i)
{
	memmove(&fields[i], &fields[i + 1], (--*n - i) * sizeof *fields);
}

/* Sorts out which clues are fields; returns their number. */
static size_t choose_fields(struct maker *m, struct clue *fields)
{
	size_t n = 0;
	qsort(m->clues, m->n, sizeof *m->clues, by_place);
	for (size_t i = 0; i < m->n; i++) {
		const struct clue *c = &m->clues[i];
		bool is_new = true;
		for (size_t k = n; k--;) {
			switch (relate(c, &fields[k])) {
			case SAME_FIELD:
				agree(&fields[k], c);
				is_new = false;
				break;
			case CONFLICT:
				conflict(m, &fields[k], c);
				is_new = false;
				break;
			case PART_OF_IT:
				is_new = false;
				break;
			case REPLACES_IT:
				drop_field(fields, &n, k);
				break;
			default:
				break;
			}
		}
		if (is_new && n < FIELDS_MAX)
			fields[n++] = *c;
	}
	return n;
}

static int by_offset(const void *a, const void *b)
{
	const struct clue *x = a, *y = b;
	return compare(x->f.off, y->f.off);
}

/* An array without a known end extends to the next field. That is certain if it agrees with the
 * largest size that the code allows, or if padding cannot explain it. */
static void extend(struct clue *c, uint32_t end)
{
	if (end <= c->f.off) /* to the end of the record, whatever that is */
		return;
	c->f.size = end - c->f.off;
	c->f.sure = c->w->kind != WRITE_STORE && !c->weak &&
	            (c->w->most ? is_most(c->w, c->f.size) : c->f.size % 8 == 0);
	if (c->f.kind == LAYOUT_INT || c->f.kind == LAYOUT_SIGNED)
		c->f.kind = c->f.size % 8 == 0 && c->w->kind == WRITE_STORE && c->w->len == 8
		                    ? LAYOUT_WORDS
		                    : LAYOUT_BYTES;
}

/* Whether only constants are stored in a part of the record. */
static bool is_blank(const struct maker *m, uint32_t off, uint32_t end)
{
	for (size_t i = 0; i < m->writes->n; i++) {
		const struct write *w = &m->writes->items[i];
		int64_t first = w->to.off;
		if (first < end && first + w->len > off &&
			(w->kind != WRITE_STORE || w->v.kind != VALUE_NUMBER))
			return false;
	}
	return true;
}

static void add_gap(struct maker *m, uint32_t end, uint32_t align)
{
	struct layout *l = m->out;
	uint32_t off = l->n ? end_of(&l->fields[l->n - 1]) : 0;
	if (off >= end)
		return;
	struct layout_field *f = &l->fields[l->n++];
	*f = (struct layout_field){.kind = LAYOUT_BYTES, .off = off, .size = end - off};
	align = align > 8 || !align || align & (align - 1) ? 8 : align;
	f->padding = f->size < align && end % align == 0 && is_blank(m, off, end);
}

/* ---- names ---- */

static bool is_taken(const struct layout *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->fields[i].name && !strcmp(l->fields[i].name, name))
			return true;
	return false;
}

/* An array before a gap may be a part of what is there. */
static void doubt_arrays(struct layout *l)
{
	const struct layout_field *gap = l->n > 1 ? &l->fields[l->n - 1] : NULL;
	if (gap && !gap->from_code && !gap->padding && gap[-1].size > 8)
		l->fields[l->n - 2].sure = false;
}

/* By convention the name of an int that may be negative; its stores do not tell. */
static bool is_result(struct source_name name)
{
	static const char *const words[] = {"ret", "retval", "rc", "res", "err", "error", "fd"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (name.n == strlen(words[i]) && !memcmp(name.p, words[i], name.n))
			return true;
	return false;
}

static bool give_name(struct maker *m, struct layout_field *f, struct source_name source)
{
	const char *name = NULL;
	if (source.p && f->kind == LAYOUT_INT && is_result(source))
		f->kind = LAYOUT_SIGNED;
	if (source.p)
		name = arena_printf(
			m->arena, "%.*s%s", (int)source.n, source.p, f->sure ? "" : "?");
	f->named = name && !is_taken(m->out, name);
	if (!f->named)
		name = arena_printf(m->arena, "%s%u%s", f->padding ? "pad" : "f", f->off,
			f->sure || f->problem || !source.p ? "" : "?");
	f->name = name;
	return name != NULL;
}

/* ---- all together ---- */

static bool put_fields(struct maker *m, struct clue *fields, size_t n)
{
	struct layout *l = m->out;
	qsort(fields, n, sizeof *fields, by_offset);
	struct source_name *sources = arena_array(m->scratch, 2 * n + 1, sizeof *sources);
	l->fields = arena_array(m->arena, 2 * n + 1, sizeof *l->fields);
	if (!l->fields || !sources)
		return false;
	uint32_t widest = 1;
	for (size_t i = 0; i < n; i++) {
		struct clue *c = &fields[i];
		uint32_t end = i + 1 < n ? fields[i + 1].f.off : m->size;
		if (!c->f.size)
			extend(c, end);
		c->f.from_code = true;
		uint32_t align = c->f.size <= 8 ? c->f.size : 1;
		widest = align > widest ? align : widest;
		add_gap(m, c->f.off, align);
		doubt_arrays(l);
		struct layout_field *f = &l->fields[l->n++];
		*f = c->f;
		sources[l->n - 1] = c->name;
	}
	if (l->n && !m->size) {
		struct layout_field *last = &l->fields[l->n - 1];
		m->size = end_of(last);
		last->sure &= last->size <= 8; /* an array may go on */
	}
	l->size = m->size;
	add_gap(m, m->size, widest);
	doubt_arrays(l);
	for (size_t i = 0; i < l->n; i++) {
		l->n_known += l->fields[i].sure;
		if (!give_name(m, &l->fields[i], sources[i]))
			return false;
	}
	return true;
}

bool layout_make(const struct object *o, const struct write_list *writes, uint32_t size,
	struct arena *a, struct layout *out)
{
	struct arena scratch = {0};
	struct maker m = {.o = o,
		.arena = a,
		.scratch = &scratch,
		.out = out,
		.writes = writes,
		.size = size};
	struct clue *fields = arena_array(&scratch, FIELDS_MAX, sizeof *fields);
	*out = (struct layout){.size = size};
	m.clues = arena_array(&scratch, writes->n, sizeof *m.clues);
	bool ok = fields && m.clues;
	if (ok) {
		read_clues(&m);
		merge_statements(&m);
		ok = put_fields(&m, fields, choose_fields(&m, fields));
	}
	arena_free(&scratch);
	return ok && !a->full;
}

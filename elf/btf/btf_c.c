/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_c.h"

#include "btf_c_impl.h"
#include "btf_sanitise.h"

#include <stdio.h>

enum { DECLARED = 1, DEFINED = 2, BUSY = 4 };            /* state of a type */
enum { IS_CONST = 1, IS_VOLATILE = 2, IS_RESTRICT = 4 }; /* what may stand behind a star */
enum { LINE_WIDTH = 80, BEHIND_PARAM = 4, HOLE_PIECES = 8, INDENT_NOTES = 4 };

/* What a declaration is of. */
struct decl {
	const char *name; /* "" for none */
	uint32_t version;
	unsigned indent;
	uint64_t off;   /* of a member from the start of the type shown, in bits */
	bool open;      /* an array without a length may say so */
	bool parameter; /* no place to define a type */
};

static void declare(struct c_writer *w, uint32_t id, const struct decl *d);
static void record_body(
	struct c_writer *w, const struct btf_type *t, unsigned indent, uint64_t off);

static bool get_type(struct c_writer *w, uint32_t id, struct btf_type *t)
{
	return btf_type(w->b, id, t) ||
	       c_fail(w, "there is no type %u, but others refer to it", id);
}

static uint32_t version(const struct c_writer *w, uint32_t id)
{
	return w->version ? w->version[id] : 1;
}

/* The name that compilers know already; what it stands for takes its place. */
static bool is_va_list(const struct btf_type *t)
{
	return t->kind == BTF_TYPEDEF && !strcmp(btf_name(t), "__builtin_va_list");
}

/* ---- lines ---- */

static void indentation(struct c_writer *w, unsigned indent)
{
	if (w->notes)
		c_printf(w, "%*s", indent ? (int)(20 + INDENT_NOTES * (indent - 1)) : 0, "");
	else
		while (indent--)
			c_text(w, "\t");
}

/* The start of a line about something at a bit offset, with a size in bits. */
static void line(struct c_writer *w, unsigned indent, uint64_t off, uint64_t size, bool in_bits)
{
	char where[32], bytes[32];
	if (!w->notes) {
		indentation(w, indent);
		return;
	}
	if (in_bits) {
		snprintf(where, sizeof where, "%llu:%llu", (unsigned long long)off / 8,
			(unsigned long long)off % 8);
		snprintf(bytes, sizeof bytes, "%llub", (unsigned long long)size);
	} else {
		snprintf(where, sizeof where, "%llu", (unsigned long long)off / 8);
		snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)size / 8);
	}
	c_printf(w, "/* %6s %6s */ %*s", where, bytes, (int)(INDENT_NOTES * (indent - 1)), "");
}

/* ---- enums ---- */

static uint32_t natural_enum(const struct btf_type *t)
{
	int64_t least = 0, most = 0;
	for (uint32_t i = 0; i < t->vlen; i++) {
		int64_t v = btf_enumerator(t, i).value;
		if (!t->kflag && v < 0)
			return 8;
		least = v < least ? v : least;
		most = v > most ? v : most;
	}
	return least < INT32_MIN || most > UINT32_MAX || (least < 0 && most > INT32_MAX) ? 8 : 4;
}

static void enumerator_value(struct c_writer *w, const struct btf_type *t, int64_t v)
{
	if (!t->kflag)
		c_printf(w, "%llu%s", (unsigned long long)v,
			(uint64_t)v > UINT32_MAX  ? "ULL"
			: (uint64_t)v > INT32_MAX ? "U"
						  : "");
	else if (v == INT64_MIN) /* C has no such number */
		c_text(w, "-9223372036854775807LL - 1");
	else
		c_printf(w, "%lld%s", (long long)v, v < INT32_MIN || v > INT32_MAX ? "LL" : "");
}

static void enum_body(struct c_writer *w, const struct btf_type *t, unsigned indent)
{
	static const char *const modes[] = {[1] = "QI", [2] = "HI", [4] = "SI", [8] = "DI"};
	c_text(w, " {\n");
	for (uint32_t i = 0; i < t->vlen && !w->err->set; i++) {
		struct btf_enumerator v = btf_enumerator(t, i);
		indentation(w, w->notes ? 0 : indent + 1);
		c_text(w, w->notes ? "\t" : "");
		c_word(w, v.name, c_names_add(w, C_WORDS, v.name));
		c_text(w, " = ");
		enumerator_value(w, t, v.value);
		c_text(w, ",\n");
	}
	if (!t->vlen) { /* C wants one */
		indentation(w, indent + 1);
		c_printf(w, "__values_of_%u_are_unknown,\n", t->id);
	}
	indentation(w, indent);
	c_text(w, "}");
	if (t->size != natural_enum(t) && t->size < sizeof modes / sizeof *modes && modes[t->size])
		c_printf(w, " __attribute__((mode(%s)))", modes[t->size]);
	w->state[t->id] |= DEFINED;
}

/* ---- structs and unions ---- */

/* Bit-fields without names, at most as wide as the record is aligned: wider ones would make it more
 * so for some compilers. */
static void fill_pieces(
	struct c_writer *w, unsigned indent, uint64_t from, uint64_t to, unsigned align)
{
	static const struct {
		const char *type;
		unsigned bits;
	} units[] = {{"long long", 64}, {"int", 32}, {"short", 16}, {"char", 8}};
	while (from < to) {
		uint64_t n = 8 - from % 8 < to - from ? 8 - from % 8 : to - from;
		const char *type = "char";
		for (size_t i = 0; i < sizeof units / sizeof *units; i++)
			if (units[i].bits <= align * 8 && from % units[i].bits == 0 &&
				units[i].bits <= to - from) {
				type = units[i].type;
				n = units[i].bits;
				break;
			}
		indentation(w, indent);
		c_printf(w, "%s: %u;\n", type, (unsigned)n);
		from += n;
	}
}

static void fill_array(struct c_writer *w, unsigned indent, uint64_t bytes)
{
	indentation(w, indent);
	c_printf(w, "char __hole%u[%llu];\n", ++w->holes, (unsigned long long)bytes);
}

/* Something in place of the bits that no member has. */
static void fill(struct c_writer *w, unsigned indent, uint64_t from, uint64_t to, unsigned align)
{
	uint64_t first = c_round_up(from, 8), last = to / 8 * 8;
	unsigned unit = (align < 8 ? align : 8) * 8;
	if (last > first && (last - first) / unit > HOLE_PIECES) {
		fill_pieces(w, indent, from, first, 1);
		fill_array(w, indent, (last - first) / 8);
		from = last;
	}
	fill_pieces(w, indent, from, to, align);
}

static void tell_hole(
	struct c_writer *w, unsigned indent, uint64_t off, uint64_t bits, const char *what)
{
	line(w, indent, off, bits, off % 8 || bits % 8);
	c_printf(w, "/* %s */\n", what);
	w->holes++;
	w->hole_bits += bits;
}

/* Where C would put the next member of a record of this layout. */
static uint64_t next_place(
	struct c_writer *w, uint64_t end, const struct c_place *p, unsigned layout)
{
	int64_t size = btf_size(w->b, p->type);
	if (!p->bits)
		return c_round_up(end, layout & C_PACKED ? 8 : c_align(w, p->type) * 8);
	if (layout & C_PACKED || size <= 0 ||
		end / (uint64_t)(size * 8) == (end + p->bits - 1) / (uint64_t)(size * 8))
		return end;
	return c_round_up(end, (uint64_t)size * 8);
}

/* Does a member without a name hold a record that has one (-fms-extensions), possibly by a typedef?
 * C without extensions has no word for that: the parts are written in its place. */
static bool holds_named(struct c_writer *w, const struct c_place *p, struct btf_type *t)
{
	return !*p->name && !p->bits && btf_skip(w->b, p->type, t) && btf_is_composite(t) &&
	       *btf_name(t);
}

static void unfolded(struct c_writer *w, const struct btf_type *t, const struct decl *d)
{
	if (w->depth >= C_DEPTH) {
		c_fail(w, "type %u: more than %d types without names in each other", t->id,
			C_DEPTH);
		return;
	}
	w->depth++;
	c_printf(w, "%s /* ", btf_kind_name(t->kind));
	c_remark(w, btf_name(t));
	c_text(w, " */");
	record_body(w, t, d->indent, d->off);
	w->depth--;
}

static void member(struct c_writer *w, const struct c_place *p, const struct decl *d)
{
	struct btf_type t;
	line(w, d->indent, d->off, p->size, p->bits);
	if (holds_named(w, p, &t))
		unfolded(w, &t, d);
	else
		declare(w, p->type, d);
	if (p->bits)
		c_printf(w, ":%s%u", *p->name ? " " : "", p->bits);
	c_text(w, ";\n");
}

/* Members of a struct, one behind the other. off: of the struct itself. */
static void struct_members(
	struct c_writer *w, const struct btf_type *t, unsigned indent, uint64_t off)
{
	unsigned layout = c_layout(w, t), align = layout & (C_PACKED - 1);
	uint64_t end = 0, size = (uint64_t)t->size * 8;
	for (uint32_t i = 0; i < t->vlen && !w->err->set; i++) {
		struct c_place p = c_place(t, i);
		if (p.off < end && !w->notes)
			c_fail(w, "type %u (struct %s): its member '%s' lies in another one", t->id,
				btf_name(t), p.name);
		if (w->notes && p.off > end)
			tell_hole(w, indent, off + end, p.off - end, "hole");
		else if (!w->notes && p.off != next_place(w, end, &p, layout))
			fill(w, indent, end, p.off, align);
		if (p.off + p.size > end)
			end = p.off + p.size;
		bool last = i + 1 == t->vlen && i;
		const struct decl d = {.name = p.name,
			.indent = indent,
			.off = off + p.off,
			.open = last && (w->notes || c_round_up(end, align * 8) == size)};
		member(w, &p, &d);
	}
	if (!t->vlen && size && !w->notes) /* C wants a name in it */
		fill_array(w, indent, t->size);
	else if (w->notes && end < size)
		tell_hole(w, indent, off + end, size - end, t->vlen ? "padding" : "not known");
	else if (c_round_up(end, align * 8) < size)
		fill(w, indent, end, size, align);
}

static void union_members(
	struct c_writer *w, const struct btf_type *t, unsigned indent, uint64_t off)
{
	unsigned align = c_layout(w, t) & (C_PACKED - 1);
	uint64_t end = 0, size = (uint64_t)t->size * 8;
	for (uint32_t i = 0; i < t->vlen && !w->err->set; i++) {
		struct c_place p = c_place(t, i);
		const struct decl d = {.name = p.name, .indent = indent, .off = off + p.off};
		member(w, &p, &d);
		end = p.off + p.size > end ? p.off + p.size : end;
		if (p.off && !w->notes)
			c_fail(w, "type %u (union %s): its member '%s' doesn't lie at its start",
				t->id, btf_name(t), p.name);
	}
	if (!w->notes && c_round_up(end, align * 8) < size)
		fill_array(w, indent, t->size);
}

static void record_body(struct c_writer *w, const struct btf_type *t, unsigned indent, uint64_t off)
{
	for (uint32_t i = 0; i < t->vlen && !w->notes; i++) {
		struct c_place p = c_place(t, i);
		if (p.unsized) {
			c_fail(w, "type %u (%s %s): its member '%s' has no size", t->id,
				btf_kind_name(t->kind), btf_name(t), p.name);
			return;
		}
	}
	c_text(w, " {\n");
	if (w->notes && !indent)
		c_text(w, "/* offset  bytes */\n");
	if (t->kind == BTF_STRUCT)
		struct_members(w, t, indent + 1, off);
	else
		union_members(w, t, indent + 1, off);
	indentation(w, indent);
	c_text(w, "}");
	if (c_layout(w, t) & C_PACKED)
		c_text(w, " __attribute__((packed))");
}

/* ---- declarations ---- */

/* A type without its names: pointers, arrays and functions around what is at the end of a chain of
 * references, the outermost first. */
struct chain {
	struct {
		uint8_t kind, cv;
		uint32_t id;
	} links[C_CHAIN];
	unsigned n;
	uint8_t cv; /* of the base */
	struct btf_type base;
};

/* `const` of an array is that of its elements. */
static bool follow(struct c_writer *w, uint32_t id, struct chain *c)
{
	struct btf_type t;
	uint8_t cv = 0;
	c->n = c->cv = 0;
	for (int steps = 0; steps < C_CHAIN * 2 && c->n < C_CHAIN; steps++, id = t.type) {
		if (!get_type(w, id, &t))
			return false;
		if (t.kind == BTF_CONST || t.kind == BTF_VOLATILE || t.kind == BTF_RESTRICT) {
			cv |= t.kind == BTF_CONST      ? IS_CONST
			      : t.kind == BTF_VOLATILE ? IS_VOLATILE
			                               : IS_RESTRICT;
		} else if (t.kind == BTF_PTR || t.kind == BTF_ARRAY || t.kind == BTF_FUNC_PROTO) {
			c->links[c->n].kind = t.kind;
			c->links[c->n].cv = t.kind == BTF_PTR ? cv : 0;
			c->links[c->n++].id = id;
			cv = t.kind == BTF_ARRAY ? cv : 0;
		} else if (t.kind != BTF_TYPE_TAG && !is_va_list(&t)) {
			c->base = t;
			c->cv = cv;
			return true;
		}
	}
	return c_fail(w, "type %u: the chain of its references has no end", id);
}

static void nowhere(void *ctx, const char *text, size_t n)
{
	(void)ctx, (void)text, (void)n;
}

/* Columns that a declaration would take. */
static unsigned width(const struct c_writer *w, uint32_t id, const struct decl *d)
{
	struct c_writer dry = *w;
	dry.out.write = nowhere;
	dry.column = 0;
	declare(&dry, id, d);
	return dry.column;
}

/* Lines are broken between parameters, but not within one. */
static void parameters(struct c_writer *w, uint32_t proto, const struct decl *of)
{
	struct btf_type t;
	if (!get_type(w, proto, &t))
		return;
	c_text(w, t.vlen ? "(" : "(void");
	for (uint32_t i = 0; i < t.vlen && !w->err->set; i++) {
		struct btf_param p = btf_param(&t, i);
		const struct decl d = {
			.name = w->notes ? p.name : "", .indent = of->indent, .parameter = true};
		bool full = i && !of->parameter &&
		            w->column + width(w, p.type, &d) + BEHIND_PARAM > LINE_WIDTH;
		c_text(w, !i ? "" : full ? ",\n" : ", ");
		if (full && of->indent)
			indentation(w, of->indent + 1);
		else if (full)
			c_text(w, "\t");
		if (!p.type && i + 1 == t.vlen && i)
			c_text(w, "...");
		else if (p.type)
			declare(w, p.type, &d);
	}
	c_text(w, ")");
}

/* A type that has no name where none can be defined. */
static void nameless_parameter(struct c_writer *w, const struct chain *c)
{
	if (w->notes)
		c_printf(w, "%s {...}", btf_kind_name(c->base.kind));
	else
		c_text(w, c->n && c->links[c->n - 1].kind == BTF_PTR ? "void" : "int");
}

static void base(struct c_writer *w, const struct chain *c, const struct decl *d)
{
	struct btf_type t = c->base;
	if (t.kind == BTF_FWD && *btf_name(&t) && !get_type(w, c_meant(w, &t), &t))
		return;
	const char *name = btf_name(&t);
	switch (t.kind) {
	case BTF_VOID:
		c_text(w, "void");
		break;
	case BTF_INT:
	case BTF_FLOAT:
		if (c_is_foreign(&t))
			c_word(w, *name ? name : "nameless", version(w, t.id));
		else
			c_text(w, name);
		break;
	case BTF_TYPEDEF:
		c_word(w, name, version(w, t.id));
		break;
	case BTF_FWD:
		c_text(w, t.kflag ? "union " : "struct ");
		c_word(w, *name ? name : "__nameless", version(w, t.id));
		break;
	case BTF_STRUCT:
	case BTF_UNION:
	case BTF_ENUM:
	case BTF_ENUM64:
		if (!*name && d->parameter) {
			nameless_parameter(w, c);
			break;
		}
		c_text(w, btf_kind_name(t.kind));
		if (*name) {
			c_text(w, " ");
			c_word(w, name, version(w, t.id));
		} else if (btf_is_composite(&t)) {
			record_body(w, &t, d->indent, d->off);
		} else {
			enum_body(w, &t, d->indent);
		}
		break;
	default:
		c_fail(w, "type %u (%s) stands where only a type of values can", t.id,
			btf_kind_name(t.kind));
	}
}

static void qualifiers(struct c_writer *w, uint8_t cv, const char *behind)
{
	if (cv & IS_CONST)
		c_printf(w, "const%s", cv & (IS_VOLATILE | IS_RESTRICT) ? " " : behind);
	if (cv & IS_VOLATILE)
		c_printf(w, "volatile%s", cv & IS_RESTRICT ? " " : behind);
	if (cv & IS_RESTRICT)
		c_printf(w, "restrict%s", behind);
}

/*
 * In front of the name stand the stars, the innermost link first; behind it brackets and lists of
 * parameters, the outermost first. These bind closer than a star, which needs parentheses then.
 */
static void declarator(struct c_writer *w, const struct chain *c, const struct decl *d)
{
	if (c->n || *d->name)
		c_text(w, " ");
	for (unsigned i = c->n; i--;) {
		if (c->links[i].kind != BTF_PTR)
			continue;
		c_text(w, i + 1 < c->n && c->links[i + 1].kind != BTF_PTR ? "(*" : "*");
		qualifiers(w, c->links[i].cv, i || *d->name ? " " : "");
	}
	c_word(w, d->name, d->version);
	for (unsigned i = 0; i < c->n && !w->err->set; i++) {
		struct btf_type t;
		if (c->links[i].kind == BTF_FUNC_PROTO) {
			parameters(w, c->links[i].id, d);
		} else if (c->links[i].kind == BTF_PTR) {
			if (i + 1 < c->n && c->links[i + 1].kind != BTF_PTR)
				c_text(w, ")");
		} else if (get_type(w, c->links[i].id, &t)) {
			if (!btf_array_len(&t) && d->open && !i)
				c_text(w, "[]");
			else
				c_printf(w, "[%u]", btf_array_len(&t));
		}
	}
}

/* `id` as the type of a name. */
static void declare(struct c_writer *w, uint32_t id, const struct decl *d)
{
	struct chain c;
	if (w->err->set || !follow(w, id, &c))
		return;
	if (w->depth >= C_DEPTH) {
		c_fail(w, "type %u: more than %d types without names in each other", id, C_DEPTH);
		return;
	}
	w->depth++;
	qualifiers(w, c.cv & (IS_CONST | IS_VOLATILE), " ");
	base(w, &c, d);
	declarator(w, &c, d);
	w->depth--;
}

/* ---- order ---- */

static bool need(struct c_writer *w, uint32_t id, bool whole);

static bool need_parts(struct c_writer *w, const struct btf_type *t)
{
	for (uint32_t i = 0; i < t->vlen; i++)
		if (!need(w,
			    t->kind == BTF_FUNC_PROTO ? btf_param(t, i).type
						      : btf_member(t, i).type,
			    t->kind != BTF_FUNC_PROTO))
			return false;
	return true;
}

static void define_record(struct c_writer *w, const struct btf_type *t)
{
	w->holes = 0;
	c_printf(w, "%s ", btf_kind_name(t->kind));
	c_word(w, btf_name(t), version(w, t->id));
	record_body(w, t, 0, 0);
	c_text(w, ";\n\n");
}

static void define_enum(struct c_writer *w, const struct btf_type *t)
{
	c_text(w, "enum");
	if (*btf_name(t)) {
		c_text(w, " ");
		c_word(w, btf_name(t), version(w, t->id));
	}
	enum_body(w, t, 0);
	c_text(w, ";\n\n");
}

/* Words of C since C23. */
static void before_c23(struct c_writer *w, bool begin)
{
	c_text(w, begin ? "#if __STDC_VERSION__ < 202311L\n" : "#endif\n");
}

static void define_typedef(struct c_writer *w, const struct btf_type *t)
{
	bool word = !strcmp(btf_name(t), "bool") && version(w, t->id) < 2;
	const struct decl d = {.name = btf_name(t), .version = version(w, t->id)};
	w->holes = 0;
	if (word)
		before_c23(w, true);
	c_text(w, "typedef ");
	declare(w, t->type, &d);
	c_text(w, ";\n");
	if (word)
		before_c23(w, false);
}

/* An INT or FLOAT that C doesn't know: something as large. */
static void define_foreign(struct c_writer *w, const struct btf_type *t)
{
	static const char *const ints[] = {
		[1] = "char", [2] = "short", [4] = "int", [8] = "long long", [16] = "__int128"};
	bool known = t->size < sizeof ints / sizeof *ints && ints[t->size];
	c_printf(w, "typedef %s %s ",
		btf_int_encoding(t) & BTF_INT_SIGNED && known ? "signed" : "unsigned",
		known ? ints[t->size] : "char");
	c_word(w, *btf_name(t) ? btf_name(t) : "nameless", version(w, t->id));
	if (!known)
		c_printf(w, "[%u]", t->size);
	c_text(w, ";\n");
}

/* Writes a type with a name after all that it needs, unless that has happened. */
static bool define(struct c_writer *w, const struct btf_type *t)
{
	uint8_t *state = &w->state[t->id];
	if (*state & DEFINED)
		return true;
	if (*state & BUSY)
		return c_fail(w, "type %u (%s %s) contains itself", t->id, btf_kind_name(t->kind),
			btf_name(t));
	*state |= BUSY;
	uint32_t outer = w->current;
	w->current = t->id;
	bool ready = btf_is_composite(t) ? need_parts(w, t)
	                                 : t->kind != BTF_TYPEDEF || need(w, t->type, false);
	w->current = outer;
	if (!ready)
		return false;
	if (btf_is_composite(t))
		define_record(w, t);
	else if (btf_is_enum(t))
		define_enum(w, t);
	else if (t->kind == BTF_TYPEDEF)
		define_typedef(w, t);
	else
		define_foreign(w, t);
	*state = DECLARED | DEFINED;
	return !w->err->set;
}

static void declare_tag(struct c_writer *w, const struct btf_type *t)
{
	if (w->state[t->id] & DECLARED || t->id == w->current)
		return;
	w->state[t->id] |= DECLARED;
	c_text(w, t->kind == BTF_UNION || (t->kind == BTF_FWD && t->kflag) ? "union " : "struct ");
	c_word(w, *btf_name(t) ? btf_name(t) : "__nameless", version(w, t->id));
	c_text(w, ";\n");
}

/* Parts of something without a name come before what it is in; once, as they stay there. */
static bool need_nameless(struct c_writer *w, const struct btf_type *t)
{
	if (w->state[t->id])
		return true;
	w->state[t->id] = DECLARED;
	return need_parts(w, t);
}

/* Of a struct, union or FWD: its tag, or all of it when it is needed whole. */
static bool need_record(struct c_writer *w, struct btf_type *t, bool whole)
{
	if (t->kind == BTF_FWD && *btf_name(t) && !get_type(w, c_meant(w, t), t))
		return false;
	if (t->kind != BTF_FWD && !*btf_name(t))
		return need_nameless(w, t);
	if (whole && t->kind != BTF_FWD)
		return define(w, t);
	declare_tag(w, t);
	return true;
}

/* Follows a chain of references; arrays need their elements whole, pointers need a name. */
static bool need_chain(struct c_writer *w, uint32_t id, bool whole)
{
	struct btf_type t;
	for (int steps = 0; steps < C_CHAIN * 2; steps++, id = t.type) {
		if (!get_type(w, id, &t))
			return false;
		if (btf_kind_in(t.kind, BTF_COMPOSITES | 1u << BTF_FWD))
			return need_record(w, &t, whole);
		if (btf_is_enum(&t))
			return !*btf_name(&t) || define(w, &t);
		if (btf_kind_in(t.kind, BTF_BASICS))
			return !c_is_foreign(&t) || define(w, &t);
		if (t.kind == BTF_TYPEDEF && !is_va_list(&t)) {
			if (!define(w, &t) || !whole)
				return !w->err->set;
		} else if (t.kind == BTF_FUNC_PROTO) {
			whole = false;
			if (!need_nameless(w, &t))
				return false;
		} else if (t.kind == BTF_PTR || t.kind == BTF_ARRAY) {
			whole = t.kind == BTF_ARRAY;
		}
		if (!t.type)
			return true;
	}
	return c_fail(w, "type %u: the chain of its references has no end", id);
}

static bool need(struct c_writer *w, uint32_t id, bool whole)
{
	if (w->err->set)
		return false;
	if (w->nest >= C_NEST)
		return c_fail(w, "type %u: more than %d types in each other", id, C_NEST);
	w->nest++;
	bool ok = need_chain(w, id, whole);
	w->nest--;
	return ok;
}

/* ---- all and one ---- */

static bool start(struct c_writer *w)
{
	w->state = arena_alloc(w->arena, w->b->end);
	w->layout = arena_alloc(w->arena, w->b->end);
	w->most = 1 << 20;
	for (const struct btf *b = w->b; b; b = b->base)
		w->most += 64 * (uint64_t)b->data.n;
	return (w->state && w->layout) || err_nomem(w->err);
}

static bool says_true(const struct btf_type *t)
{
	for (uint32_t i = 0; i < t->vlen; i++)
		if (!strcmp(btf_enumerator(t, i).name, "true"))
			return true;
	return false;
}

/* Constants of enums without a name that no other type has shown. */
static void loose_enums(struct c_writer *w)
{
	struct btf_type t = {0};
	while (!w->err->set && btf_next_in(w->b, &t, BTF_ENUMS)) {
		if (*btf_name(&t) || !t.vlen || w->state[t.id] & DEFINED)
			continue;
		bool words = says_true(&t);
		if (words)
			before_c23(w, true);
		define_enum(w, &t);
		if (words)
			before_c23(w, false);
	}
}

bool btf_c_header(const struct btf *b, struct btf_text out, struct arena *a, struct err *e)
{
	struct btf sorted = *b;
	struct c_writer w = {.b = &sorted, .arena = a, .out = out, .err = e};
	struct btf_type t = {0};
	struct span bytes = btf_in_order(b, a, e);
	if (!bytes.p || (bytes.p != b->data.p && !btf_open(&sorted, bytes, b->base, a, e)) ||
		!start(&w) || !c_names_open(&w))
		return false;
	while (btf_next_in(
		&sorted, &t, BTF_COMPOSITES | BTF_ENUMS | 1u << BTF_TYPEDEF | 1u << BTF_FWD))
		if (*btf_name(&t) && !is_va_list(&t) && !need(&w, t.id, t.kind != BTF_TYPEDEF))
			return false;
	loose_enums(&w);
	return !e->set;
}

static void summary(struct c_writer *w, const struct btf_type *t)
{
	uint64_t bytes = w->hole_bits / 8, bits = w->hole_bits % 8;
	c_printf(w, ";  /* %u bytes, %u member%s", t->size, t->vlen, t->vlen == 1 ? "" : "s");
	if (w->holes)
		c_printf(w, ", %u hole%s of ", w->holes, w->holes == 1 ? "" : "s");
	if (bytes)
		c_printf(w, "%llu byte%s", (unsigned long long)bytes, bytes == 1 ? "" : "s");
	if (bits)
		c_printf(w, "%s%u bit%s", bytes ? " and " : "", (unsigned)bits,
			bits == 1 ? "" : "s");
	c_text(w, " */\n");
}

static void show_section(struct c_writer *w, const struct btf_type *t)
{
	c_text(w, "/* section ");
	c_remark(w, btf_name(t));
	c_printf(w, ", %u bytes */\n", t->size);
	for (uint32_t i = 0; i < t->vlen && !w->err->set; i++) {
		struct btf_secinfo s = btf_secinfo(t, i);
		struct btf_type var;
		btf_type(w->b, s.type, &var);
		const struct decl d = {.name = btf_name(&var), .indent = 1};
		line(w, 1, (uint64_t)s.offset * 8, (uint64_t)s.size * 8, false);
		declare(w, var.type, &d);
		c_text(w, ";\n");
	}
}

/* What a declaration begins with. That a function is static isn't said: all of a kernel's are, in
 * its BTF. */
static const char *storage(const struct btf_type *t)
{
	uint32_t linkage = t->kind == BTF_VAR ? btf_var_linkage(t) : t->vlen;
	if (t->kind == BTF_TYPEDEF)
		return "typedef ";
	return linkage == BTF_EXTERN                         ? "extern "
	       : linkage == BTF_STATIC && t->kind == BTF_VAR ? "static "
	                                                     : "";
}

static void show(struct c_writer *w, const struct btf_type *t)
{
	const struct decl d = {.name = btf_name(t)};
	switch (t->kind) {
	case BTF_STRUCT:
	case BTF_UNION:
		c_text(w, btf_kind_name(t->kind));
		c_text(w, *d.name ? " " : "");
		c_word(w, d.name, 1);
		record_body(w, t, 0, 0);
		summary(w, t);
		break;
	case BTF_ENUM:
	case BTF_ENUM64:
		c_text(w, *d.name ? "enum " : "enum");
		c_word(w, d.name, 1);
		enum_body(w, t, 0);
		c_printf(w, ";  /* %u bytes, %u value%s */\n", t->size, t->vlen,
			t->vlen == 1 ? "" : "s");
		break;
	case BTF_INT:
	case BTF_FLOAT:
		declare(w, t->id, &(struct decl){.name = ""});
		c_printf(w, ";  /* %u byte%s%s */\n", t->size, t->size == 1 ? "" : "s",
			t->kind == BTF_FLOAT                   ? ""
			: btf_int_encoding(t) & BTF_INT_SIGNED ? ", signed"
							       : ", unsigned");
		break;
	case BTF_TYPEDEF:
	case BTF_FUNC:
	case BTF_VAR:
		c_text(w, storage(t));
		declare(w, t->type, &d);
		c_text(w, ";\n");
		break;
	case BTF_FWD:
		declare_tag(w, t);
		break;
	case BTF_DATASEC:
		show_section(w, t);
		break;
	case BTF_DECL_TAG:
		c_text(w, "/* tag ");
		c_remark(w, d.name);
		c_printf(w, " of type %u */\n", t->type);
		break;
	default:
		declare(w, t->id, &(struct decl){.name = ""});
		c_text(w, ";\n");
	}
}

bool btf_c_show(
	const struct btf *b, uint32_t id, struct btf_text out, struct arena *a, struct err *e)
{
	struct c_writer w = {.b = b, .arena = a, .out = out, .err = e, .notes = true};
	struct btf_type t, meant;
	if (!start(&w) || !get_type(&w, id, &t))
		return false;
	show(&w, &t);
	if (t.kind != BTF_TYPEDEF)
		return !e->set;
	/* a typedef for a struct says little without it */
	btf_skip(b, t.type, &meant);
	if (btf_kind_in(meant.kind, BTF_COMPOSITES | BTF_ENUMS) && *btf_name(&meant)) {
		c_text(&w, "\n");
		show(&w, &meant);
	}
	return !e->set;
}

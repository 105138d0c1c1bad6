/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Declarations: enums, structs and unions with their members, and the declarators of all types. */
#include "btf_c_impl.h"

#include "elf/base/format.h"

enum { IS_CONST = 1, IS_VOLATILE = 2, IS_RESTRICT = 4 }; /* qualifiers of a pointer */
enum { LINE_WIDTH = 80, AFTER_PARAM = 4, HOLE_PIECES = 8, INDENT_NOTES = 4 };

bool c_type(struct c_writer *w, uint32_t id, struct btf_type *t)
{
	return btf_type(w->b, id, t) ||
	       c_fail(w, "there is no type %u, but other types refer to it", id);
}

uint32_t c_version(const struct c_writer *w, uint32_t id)
{
	return w->version ? w->version[id] : 1;
}

bool c_is_va_list(const struct btf_type *t)
{
	return t->kind == BTF_TYPEDEF && !strcmp(btf_name(t), "__builtin_va_list");
}

/* ---- lines ---- */

static void indentation(struct c_writer *w, unsigned indent)
{
	if (w->annotate)
		c_printf(w, "%*s", indent ? (int)(20 + INDENT_NOTES * (indent - 1)) : 0, "");
	else
		while (indent--)
			c_text(w, "\t");
}

void c_line(struct c_writer *w, unsigned indent, uint64_t off, uint64_t size, bool in_bits)
{
	char where[32], bytes[32];
	if (!w->annotate) {
		indentation(w, indent);
		return;
	}
	if (in_bits) {
		text_print(where, sizeof where, "%llu:%llu", (unsigned long long)off / 8,
			(unsigned long long)off % 8);
		text_print(bytes, sizeof bytes, "%llub", (unsigned long long)size);
	} else {
		text_print(where, sizeof where, "%llu", (unsigned long long)off / 8);
		text_print(bytes, sizeof bytes, "%llu", (unsigned long long)size / 8);
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
	else if (v == INT64_MIN) /* not a valid constant in C */
		c_text(w, "-9223372036854775807LL - 1");
	else
		c_printf(w, "%lld%s", (long long)v, v < INT32_MIN || v > INT32_MAX ? "LL" : "");
}

void c_enum_body(struct c_writer *w, const struct btf_type *t, unsigned indent)
{
	static const char *const modes[] = {[1] = "QI", [2] = "HI", [4] = "SI", [8] = "DI"};
	c_text(w, " {\n");
	for (uint32_t i = 0; i < t->vlen && !w->err->set; i++) {
		struct btf_enumerator v = btf_enumerator(t, i);
		indentation(w, w->annotate ? 0 : indent + 1);
		c_text(w, w->annotate ? "\t" : "");
		c_word(w, v.name, c_names_add(w, C_WORDS, v.name));
		c_text(w, " = ");
		enumerator_value(w, t, v.value);
		c_text(w, ",\n");
	}
	if (!t->vlen) { /* C requires an enumerator */
		indentation(w, indent + 1);
		c_printf(w, "__values_of_%u_are_unknown,\n", t->id);
	}
	indentation(w, indent);
	c_text(w, "}");
	if (t->size != natural_enum(t) && t->size < sizeof modes / sizeof *modes && modes[t->size])
		c_printf(w, " __attribute__((mode(%s)))", modes[t->size]);
	w->state[t->id] |= C_DEFINED;
}

/* ---- structs and unions ---- */

/* Unnamed bit-fields, not wider than the alignment of the struct: some compilers increase the
 * alignment for wider ones. */
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

/* Fills bits that are not part of any member. */
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

static void annotate_hole(
	struct c_writer *w, unsigned indent, uint64_t off, uint64_t bits, const char *what)
{
	c_line(w, indent, off, bits, off % 8 || bits % 8);
	c_printf(w, "/* %s */\n", what);
	w->holes++;
	w->hole_bits += bits;
}

/* The offset that C would assign to the next member. */
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

/* Whether an unnamed member has a named struct or union type (-fms-extensions), possibly by a
 * typedef. Standard C cannot express that: its members are written instead. */
static bool is_ms_extension(struct c_writer *w, const struct c_place *p, struct btf_type *t)
{
	return !*p->name && !p->bits && btf_skip(w->b, p->type, t) && btf_is_composite(t) &&
	       *btf_name(t);
}

static void expanded(struct c_writer *w, const struct btf_type *t, const struct c_decl *d)
{
	if (w->depth >= C_DEPTH) {
		c_fail(w, "type %u: more than %d nested unnamed types", t->id, C_DEPTH);
		return;
	}
	w->depth++;
	c_printf(w, "%s /* ", btf_kind_name(t->kind));
	c_comment_text(w, btf_name(t));
	c_text(w, " */");
	c_record_body(w, t, d->indent, d->off);
	w->depth--;
}

static void member(struct c_writer *w, const struct c_place *p, const struct c_decl *d)
{
	struct btf_type t;
	c_line(w, d->indent, d->off, p->size, p->bits);
	if (is_ms_extension(w, p, &t))
		expanded(w, &t, d);
	else
		c_declare(w, p->type, d);
	if (p->bits)
		c_printf(w, ":%s%u", *p->name ? " " : "", p->bits);
	c_text(w, ";\n");
}

/* off: of the struct itself, in bits. */
static void struct_members(
	struct c_writer *w, const struct btf_type *t, unsigned indent, uint64_t off)
{
	unsigned layout = c_layout(w, t), align = layout & (C_PACKED - 1);
	uint64_t end = 0, size = (uint64_t)t->size * 8;
	for (uint32_t i = 0; i < t->vlen && !w->err->set; i++) {
		struct c_place p = c_place(t, i);
		if (p.off < end && !w->annotate)
			c_fail(w, "type %u (struct %s): member '%s' overlaps another one", t->id,
				btf_name(t), p.name);
		if (w->annotate && p.off > end)
			annotate_hole(w, indent, off + end, p.off - end, "hole");
		else if (!w->annotate && p.off != next_place(w, end, &p, layout))
			fill(w, indent, end, p.off, align);
		if (p.off + p.size > end)
			end = p.off + p.size;
		bool last = i + 1 == t->vlen && i;
		const struct c_decl d = {.name = p.name,
			.indent = indent,
			.off = off + p.off,
			.open = last && (w->annotate || c_round_up(end, align * 8) == size)};
		member(w, &p, &d);
	}
	if (!t->vlen && size && !w->annotate) /* C requires a named member */
		fill_array(w, indent, t->size);
	else if (w->annotate && end < size)
		annotate_hole(w, indent, off + end, size - end, t->vlen ? "padding" : "unknown");
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
		const struct c_decl d = {.name = p.name, .indent = indent, .off = off + p.off};
		member(w, &p, &d);
		end = p.off + p.size > end ? p.off + p.size : end;
		if (p.off && !w->annotate)
			c_fail(w, "type %u (union %s): member '%s' is not at offset 0", t->id,
				btf_name(t), p.name);
	}
	if (!w->annotate && c_round_up(end, align * 8) < size)
		fill_array(w, indent, t->size);
}

void c_record_body(struct c_writer *w, const struct btf_type *t, unsigned indent, uint64_t off)
{
	for (uint32_t i = 0; i < t->vlen && !w->annotate; i++) {
		struct c_place p = c_place(t, i);
		if (p.unsized) {
			c_fail(w, "type %u (%s %s): member '%s' has no size", t->id,
				btf_kind_name(t->kind), btf_name(t), p.name);
			return;
		}
	}
	c_text(w, " {\n");
	if (w->annotate && !indent)
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

/* A chain of references: pointers, arrays and functions, the outermost first, and the base type. */
struct chain {
	struct {
		uint8_t kind, cv;
		uint32_t id;
	} links[C_CHAIN];
	unsigned n;
	uint8_t cv; /* of the base */
	struct btf_type base;
};

/* The qualifiers of an array are those of its elements. */
static bool follow(struct c_writer *w, uint32_t id, struct chain *c)
{
	struct btf_type t;
	uint8_t cv = 0;
	c->n = c->cv = 0;
	for (int steps = 0; steps < C_CHAIN * 2 && c->n < C_CHAIN; steps++, id = t.type) {
		if (!c_type(w, id, &t))
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
		} else if (t.kind != BTF_TYPE_TAG && !c_is_va_list(&t)) {
			c->base = t;
			c->cv = cv;
			return true;
		}
	}
	return c_fail(w, "type %u: endless chain of references", id);
}

static void discard(void *ctx, const char *text, size_t n)
{
	(void)ctx, (void)text, (void)n;
}

/* The width of a declaration in columns. */
static unsigned width(const struct c_writer *w, uint32_t id, const struct c_decl *d)
{
	struct c_writer dry = *w;
	dry.out.write = discard;
	dry.column = 0;
	c_declare(&dry, id, d);
	return dry.column;
}

/* Breaks lines between parameters, but not within them. */
static void parameters(struct c_writer *w, uint32_t proto, const struct c_decl *of)
{
	struct btf_type t;
	if (!c_type(w, proto, &t))
		return;
	c_text(w, t.vlen ? "(" : "(void");
	for (uint32_t i = 0; i < t.vlen && !w->err->set; i++) {
		struct btf_param p = btf_param(&t, i);
		const struct c_decl d = {
			.name = w->annotate ? p.name : "", .indent = of->indent, .parameter = true};
		bool full = i && !of->parameter &&
		            w->column + width(w, p.type, &d) + AFTER_PARAM > LINE_WIDTH;
		c_text(w, !i ? "" : full ? ",\n" : ", ");
		if (full && of->indent)
			indentation(w, of->indent + 1);
		else if (full)
			c_text(w, "\t");
		if (!p.type && i + 1 == t.vlen && i)
			c_text(w, "...");
		else if (p.type)
			c_declare(w, p.type, &d);
	}
	c_text(w, ")");
}

/* An unnamed type as a parameter, where it cannot be defined. */
static void nameless_parameter(struct c_writer *w, const struct chain *c)
{
	if (w->annotate)
		c_printf(w, "%s {...}", btf_kind_name(c->base.kind));
	else
		c_text(w, c->n && c->links[c->n - 1].kind == BTF_PTR ? "void" : "int");
}

static void base(struct c_writer *w, const struct chain *c, const struct c_decl *d)
{
	struct btf_type t = c->base;
	if (t.kind == BTF_FWD && *btf_name(&t) && !c_type(w, c_resolve_fwd(w, &t), &t))
		return;
	const char *name = btf_name(&t);
	switch (t.kind) {
	case BTF_VOID:
		c_text(w, "void");
		break;
	case BTF_INT:
	case BTF_FLOAT:
		if (c_is_foreign(&t))
			c_word(w, *name ? name : "nameless", c_version(w, t.id));
		else
			c_text(w, name);
		break;
	case BTF_TYPEDEF:
		c_word(w, name, c_version(w, t.id));
		break;
	case BTF_FWD:
		c_text(w, t.kflag ? "union " : "struct ");
		c_word(w, *name ? name : "__nameless", c_version(w, t.id));
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
			c_word(w, name, c_version(w, t.id));
		} else if (btf_is_composite(&t)) {
			c_record_body(w, &t, d->indent, d->off);
		} else {
			c_enum_body(w, &t, d->indent);
		}
		break;
	default:
		c_fail(w, "type %u (%s) is not valid here, expected a type with values", t.id,
			btf_kind_name(t.kind));
	}
}

static void qualifiers(struct c_writer *w, uint8_t cv, const char *after)
{
	if (cv & IS_CONST)
		c_printf(w, "const%s", cv & (IS_VOLATILE | IS_RESTRICT) ? " " : after);
	if (cv & IS_VOLATILE)
		c_printf(w, "volatile%s", cv & IS_RESTRICT ? " " : after);
	if (cv & IS_RESTRICT)
		c_printf(w, "restrict%s", after);
}

/*
 * The stars precede the name, the innermost link first; brackets and parameter lists follow it, the
 * outermost first. These bind more tightly than a star, which requires parentheses then.
 */
static void declarator(struct c_writer *w, const struct chain *c, const struct c_decl *d)
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
		} else if (c_type(w, c->links[i].id, &t)) {
			if (!btf_array_len(&t) && d->open && !i)
				c_text(w, "[]");
			else
				c_printf(w, "[%u]", btf_array_len(&t));
		}
	}
}

void c_declare(struct c_writer *w, uint32_t id, const struct c_decl *d)
{
	struct chain c;
	if (w->err->set || !follow(w, id, &c))
		return;
	if (w->depth >= C_DEPTH) {
		c_fail(w, "type %u: more than %d nested unnamed types", id, C_DEPTH);
		return;
	}
	w->depth++;
	qualifiers(w, c.cv & (IS_CONST | IS_VOLATILE), " ");
	base(w, &c, d);
	declarator(w, &c, d);
	w->depth--;
}

void c_declare_tag(struct c_writer *w, const struct btf_type *t)
{
	if (w->state[t->id] & C_DECLARED || t->id == w->current)
		return;
	w->state[t->id] |= C_DECLARED;
	c_text(w, t->kind == BTF_UNION || (t->kind == BTF_FWD && t->kflag) ? "union " : "struct ");
	c_word(w, *btf_name(t) ? btf_name(t) : "__nameless", c_version(w, t->id));
	c_text(w, ";\n");
}

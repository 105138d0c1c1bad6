/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Finds the variables that hold records, in one pass over the debug information. In functions that
 * send records, all variables are searched, including those of inlined functions; of other functions
 * and of types, only names and sizes are used.
 *
 * The location of a variable is a list of code ranges, each with a register or stack slot. A variable
 * holds the result of a call if one of the ranges starts after the call, in a register or slot that
 * holds the result at that point.
 *
 * LLVM expresses stack slots relative to the lower end of the frame (fbreg + 8), whereas the code uses
 * negative offsets from r10: the difference is the size of the frame. gcc uses negative offsets, so
 * that the sign distinguishes them.
 */
#include "records_impl.h"

enum {
	CALLS_MAX = 64, /* per function: bits of a mask */
	DEPTH_MAX = 64, /* of nested blocks */
	ORIGINS_MAX = 4,
	STORED_WITHIN =
		4, /* instructions after a call in which unoptimised code stores its result */
};

/* A type that has the size of a call's records. */
struct sized_type {
	uint64_t die, size, file;
	const struct dwarf_unit *unit;
	const char *word, *name;
};

/* The source file of a call's function. */
struct source {
	const struct dwarf_unit *unit;
	uint64_t file;
};

struct search {
	struct dwarf *d;
	const struct object *o;
	const struct record_calls *calls;
	struct record_candidates *found;
	struct source *sources; /* by call */
	struct record_wish *wishes;
	size_t n_wishes;
	struct sized_type *sized;
	size_t n_sized, sized_room;
	struct flow flow;

	/* The current function. */
	size_t calls_here[CALLS_MAX]; /* its calls */
	unsigned n;
	struct dwarf_where frame;
};

/* The type of a variable, or the type that it points to. */
struct variable {
	bool pointer;
	struct dwarf_shape shape;
};

static const char *word_of(const struct dwarf_shape *s)
{
	static const struct {
		uint16_t tag;
		const char *word;
	} words[] = {
		{DW_TAG_structure_type, "struct "},
		{DW_TAG_class_type, "struct "},
		{DW_TAG_union_type, "union "},
		{DW_TAG_enumeration_type, "enum "},
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].tag == s->tag && s->named == s->off)
			return words[i].word;
	return "";
}

static bool is_record(const struct dwarf_shape *s)
{
	return s->tag == DW_TAG_structure_type || s->tag == DW_TAG_class_type ||
	       s->tag == DW_TAG_union_type;
}

static struct dwarf_place place_of(const struct record_call *c)
{
	return (struct dwarf_place){c->func->section, c->func->off + (uint64_t)c->insn * INSN_SIZE};
}

/* ---- locations ---- */

/* The offset of a stack slot from the frame pointer. */
static int64_t stack_place(const struct record_call *c, struct dwarf_where w)
{
	return w.off < 0 ? w.off : w.off - c->frame;
}

/* The instruction at which a range starts; false if it is not in the function of the call. */
static bool begins_at(const struct record_call *c, const struct dwarf_piece *p, uint32_t *insn)
{
	const struct obj_func *f = c->func;
	if (p->section != f->section || p->begin < f->off || p->begin - f->off >= f->size)
		return false;
	*insn = (uint32_t)((p->begin - f->off) / INSN_SIZE);
	return true;
}

/* Whether a pointer variable with location w in range p has value v, which exists from instruction
 * `from` on. */
static bool has_value(struct search *s, const struct record_call *c, struct dwarf_where w,
	const struct dwarf_piece *p, uint32_t from, struct value v)
{
	uint32_t begin;
	bool stored = w.kind == DWARF_AT && w.reg == BPF_REG_FP;
	bool in_reg = w.kind == DWARF_IN_REG || (w.kind == DWARF_IS && !w.off);
	int64_t where = stored ? stack_place(c, w) : w.reg;
	if (!stored && !in_reg)
		return false;
	if (!p->always)
		return begins_at(c, p, &begin) &&
		       calls_hold(&s->flow, c->func, v, begin, stored, where);
	for (uint32_t to = from + 1; stored && to <= from + STORED_WITHIN; to++)
		if (calls_hold(&s->flow, c->func, v, to, true, where))
			return true;
	return false;
}

static struct value result_at(uint32_t insn)
{
	return (struct value){.kind = VALUE_RESULT, .at = insn};
}

/* Whether a variable with location w in range p is, or points to, the record of a call. */
static bool is_placed(struct search *s, const struct record_call *c, const struct variable *v,
	struct dwarf_where w, const struct dwarf_piece *p)
{
	if (!c->output)
		return v->pointer && has_value(s, c, w, p, c->insn + 1, result_at(c->insn));
	if (v->pointer && w.kind == DWARF_IN_REG && w.reg == BPF_REG_FP)
		w.kind = DWARF_IS; /* LLVM's notation for the lower end + 0 */
	if (c->data.kind == VALUE_STACK)
		return w.reg == BPF_REG_FP && w.kind == (v->pointer ? DWARF_IS : DWARF_AT) &&
		       stack_place(c, w) == c->data.off;
	if (!v->pointer || c->data.off)
		return false;
	if (c->data.kind == VALUE_RESULT)
		return has_value(s, c, w, p, c->data.at + 1, result_at(c->data.at));
	return c->data.kind == VALUE_PARAM && has_value(s, c, w, p, 0, c->data);
}

/* The set of calls whose record is the variable. */
static uint64_t placed(struct search *s, const struct dwarf_die *die, const struct variable *v)
{
	struct dwarf_list list;
	struct dwarf_piece p;
	uint64_t found = 0;
	if (!dwarf_locations_of(s->d, die, &list))
		return 0;
	while (dwarf_next_piece(&list, &p) && dwarf_spend(s->d, s->n)) {
		struct dwarf_where w = dwarf_where(p.expr, s->frame);
		for (unsigned i = 0; i < s->n && w.kind != DWARF_NOWHERE; i++)
			if (is_placed(s, &s->calls->items[s->calls_here[i]], v, w, &p))
				found |= (uint64_t)1 << i;
	}
	return found;
}

/* ---- candidates ---- */

static enum record_rank rank_of(struct search *s, const struct record_call *c,
	const struct variable *v, bool is_placed_here, bool in_scope)
{
	const struct dwarf_shape *t = &v->shape;
	bool same = c->size && t->size == c->size;
	if (is_placed_here && (same || (!c->size && is_record(t))))
		return RANK_PLACE;
	if (is_placed_here && is_record(t) && t->size < c->size)
		return dwarf_has_flexible_array(s->d, t->off) ? RANK_PLACE : RANK_BEGINS;
	if (!same || !is_record(t) || (!c->output && !v->pointer))
		return RANK_NONE;
	return in_scope ? RANK_SCOPE : RANK_FUNCTION;
}

/* The type of a variable, from its own entry or its abstract origin. */
static bool read_variable(struct search *s, const struct dwarf_die *die, struct variable *v)
{
	struct dwarf_die origin = *die;
	uint64_t off;
	for (unsigned i = 0; i < ORIGINS_MAX && !dwarf_has(&origin, DWARF_TYPE); i++)
		if (!dwarf_ref(s->d, &origin, DWARF_ABSTRACT_ORIGIN, &off) ||
			!dwarf_at(s->d, off, &origin))
			return false;
	if (!dwarf_ref(s->d, &origin, DWARF_TYPE, &off))
		return false;
	v->shape = dwarf_shape(s->d, off);
	v->pointer = v->shape.tag == DW_TAG_pointer_type;
	if (v->pointer) {
		if (!v->shape.pointee)
			return false;
		v->shape = dwarf_shape(s->d, v->shape.pointee);
	}
	return v->shape.size != 0;
}

/* mask: the calls in the scope of the variable. */
static void add_variable(
	struct search *s, const struct dwarf_die *die, uint64_t mask, unsigned depth)
{
	struct variable v;
	if (!read_variable(s, die, &v))
		return;
	uint64_t here = placed(s, die, &v);
	for (unsigned i = 0; i < s->n; i++) {
		size_t call = s->calls_here[i];
		enum record_rank rank =
			rank_of(s, &s->calls->items[call], &v, here >> i & 1, mask >> i & 1);
		if (rank == RANK_NONE)
			continue;
		records_add(&s->found[call],
			(struct record_candidate){.rank = rank,
				.depth = rank == RANK_SCOPE ? depth : is_record(&v.shape),
				.word = word_of(&v.shape),
				.name = v.shape.name,
				.die = v.shape.named,
				.size = v.shape.size});
	}
}

/* ---- functions ---- */

/* The set of calls within the code of an entry. */
static uint64_t covered(struct search *s, const struct dwarf_die *die)
{
	struct dwarf_list list;
	struct dwarf_piece p;
	uint64_t mask = 0;
	if (!dwarf_code_of(s->d, die, &list))
		return 0;
	while (dwarf_next_piece(&list, &p) && dwarf_spend(s->d, s->n / 8))
		for (unsigned i = 0; i < s->n; i++) {
			struct dwarf_place at = place_of(&s->calls->items[s->calls_here[i]]);
			if (at.section == p.section && at.off >= p.begin && at.off < p.end)
				mask |= (uint64_t)1 << i;
		}
	return mask;
}

/* Searches the variables of a function and its blocks. */
static void search_variables(struct search *s, const struct dwarf_die *func)
{
	uint64_t masks[DEPTH_MAX] = {UINT64_MAX};
	unsigned depth = 0;
	struct dwarf_die die;
	uint64_t pos = func->next;
	while (pos && pos < func->unit->end && dwarf_head(s->d, func->unit, pos, &die)) {
		pos = die.next;
		switch (die.tag) {
		case 0:
			if (!depth--)
				return;
			break;
		case DW_TAG_variable:
		case DW_TAG_formal_parameter:
			dwarf_attrs(s->d, &die);
			add_variable(s, &die, masks[depth], depth);
			pos = dwarf_after(s->d, &die);
			break;
		case DW_TAG_lexical_block:
		case DW_TAG_inlined_subroutine:
			dwarf_attrs(s->d, &die);
			if (depth == DEPTH_MAX - 1)
				pos = dwarf_after(s->d, &die);
			else if (die.children)
				masks[++depth] = covered(s, &die);
			break;
		default:
			pos = dwarf_after(s->d, &die);
		}
	}
}

/* The source file, which is an attribute of the first declaration. */
static uint64_t file_of(struct search *s, const struct dwarf_die *func)
{
	struct dwarf_die die = *func;
	uint64_t file = 0, off;
	for (unsigned i = 0; i < ORIGINS_MAX; i++) {
		if (dwarf_uint(s->d, &die, DWARF_DECL_FILE, &file))
			break;
		if (!dwarf_ref(s->d, &die, DWARF_ABSTRACT_ORIGIN, &off) &&
			!dwarf_ref(s->d, &die, DWARF_SPECIFICATION, &off))
			break;
		if (!dwarf_at(s->d, off, &die))
			break;
	}
	return file;
}

static void search_function(struct search *s, const struct dwarf_die *die)
{
	struct dwarf_list list;
	struct dwarf_piece p;
	s->n = 0;
	if (!die->children || !dwarf_code_of(s->d, die, &list))
		return;
	while (dwarf_next_piece(&list, &p) && dwarf_spend(s->d, s->calls->n / 8))
		for (size_t i = 0; i < s->calls->n && s->n < CALLS_MAX; i++) {
			struct dwarf_place at = place_of(&s->calls->items[i]);
			const struct record_candidates *a = &s->found[i];
			bool open = !a->n || a->items[0].rank != RANK_PLACE;
			if (open && at.section == p.section && at.off >= p.begin && at.off < p.end)
				s->calls_here[s->n++] = i;
		}
	if (!s->n)
		return;
	struct source source = {die->unit, file_of(s, die)};
	for (unsigned i = 0; i < s->n; i++)
		s->sources[s->calls_here[i]] = source;
	s->frame = dwarf_where(dwarf_block(s->d, die, DWARF_FRAME_BASE), (struct dwarf_where){0});
	search_variables(s, die);
}

/* ---- types by size and by name ---- */

static bool is_wanted_size(struct search *s, uint64_t size)
{
	if (!dwarf_spend(s->d, s->calls->n / 8))
		return false;
	for (size_t i = 0; i < s->calls->n; i++)
		if (s->calls->items[i].size == size)
			return true;
	return false;
}

static bool add_sized(struct search *s, const struct dwarf_die *die, const struct dwarf_shape *t)
{
	uint64_t file = 0;
	if (!is_wanted_size(s, t->size) || !dwarf_uint(s->d, die, DWARF_DECL_FILE, &file))
		return true;
	struct sized_type *l =
		arena_grow(s->d->arena, s->sized, s->n_sized, &s->sized_room, sizeof *l);
	if (!l)
		return false;
	s->sized = l;
	l[s->n_sized++] = (struct sized_type){
		.die = t->named,
		.size = t->size,
		.file = file,
		.unit = die->unit,
		.word = word_of(t),
		.name = t->name,
	};
	return true;
}

/* A named struct, union or enum, or a typedef of an unnamed one. */
static bool search_type(struct search *s, const struct dwarf_die *die)
{
	uint64_t size = 0;
	if (!dwarf_has(die, DWARF_NAME) || dwarf_has(die, DWARF_DECLARATION))
		return true;
	dwarf_uint(s->d, die, DWARF_BYTE_SIZE, &size);
	if (!s->n_wishes && die->tag != DW_TAG_typedef && !is_wanted_size(s, size))
		return true;
	struct dwarf_shape t = dwarf_shape(s->d, die->off);
	if (!t.size)
		return true;
	const char *name = dwarf_str(s->d, die, DWARF_NAME);
	for (size_t i = 0; i < s->n_wishes; i++) {
		struct record_wish *w = &s->wishes[i];
		bool open = w->name && *w->name && !w->die;
		if (open && (!w->tag || w->tag == die->tag) && !strcmp(w->name, name)) {
			w->die = die->off;
			w->tag = die->tag;
			w->size = t.size;
		}
	}
	return !is_record(&t) || t.named != die->off || add_sized(s, die, &t);
}

/* The offset of the next declaration, entering and leaving namespaces; 0 at the end of the unit. depth:
 * of namespaces. */
static uint64_t next_declared(struct dwarf *d, const struct dwarf_die *die, unsigned *depth)
{
	if (die->tag == DW_TAG_namespace && die->children)
		++*depth;
	else if (die->tag)
		return dwarf_after(d, die);
	else if (!(*depth)--)
		return 0;
	return die->next;
}

static bool search_unit(struct search *s, struct dwarf_unit *u)
{
	struct dwarf_die root, die;
	unsigned depth = 0;
	bool ok = true;
	if (!dwarf_ready(s->d, u) || !dwarf_head(s->d, u, u->first, &root) || !root.children)
		return true;
	for (uint64_t pos = root.next; ok && pos && pos < u->end;
		pos = next_declared(s->d, &die, &depth)) {
		if (!dwarf_head(s->d, u, pos, &die))
			break;
		switch (die.tag) {
		case DW_TAG_subprogram:
			dwarf_attrs(s->d, &die);
			search_function(s, &die);
			break;
		case DW_TAG_structure_type:
		case DW_TAG_class_type:
		case DW_TAG_union_type:
		case DW_TAG_enumeration_type:
		case DW_TAG_typedef:
			dwarf_attrs(s->d, &die);
			ok = search_type(s, &die);
			break;
		default:
			break;
		}
	}
	return ok;
}

/* For calls without a candidate: types from the same source file. */
static void add_by_size(struct search *s)
{
	for (size_t i = 0; i < s->calls->n; i++) {
		const struct record_call *c = &s->calls->items[i];
		const struct source *at = &s->sources[i];
		if (s->found[i].n || !at->unit || !c->size || !dwarf_spend(s->d, s->n_sized / 8))
			continue;
		for (size_t k = 0; k < s->n_sized; k++) {
			const struct sized_type *l = &s->sized[k];
			if (l->size != c->size || l->unit != at->unit || l->file != at->file)
				continue;
			records_add(&s->found[i],
				(struct record_candidate){.rank = RANK_SIZE_SOURCE,
					.depth = records_alike(records_owner(s->o, c), l->name),
					.word = l->word,
					.name = l->name,
					.die = l->die,
					.size = l->size});
		}
	}
}

bool records_search(struct dwarf *d, const struct object *o, const struct record_calls *calls,
	struct record_candidates *found, struct record_wish *wishes, size_t n_wishes)
{
	struct search s = {.d = d,
		.o = o,
		.calls = calls,
		.found = found,
		.sources = arena_array(d->arena, calls->n, sizeof *s.sources),
		.wishes = wishes,
		.n_wishes = n_wishes};
	bool ok = s.sources && flow_open(&s.flow, o, d->arena);
	for (size_t i = 0; i < d->n_units && ok; i++)
		ok = search_unit(&s, &d->units[i]);
	if (ok)
		add_by_size(&s);
	flow_close(&s.flow);
	return ok && !d->arena->full;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Range lists and location lists.
 *
 * Before version 5, a list consists of pairs of addresses, begin and end, relative to a base, which is
 * that of the unit or set by a pair (-1, base). (0, 0) ends the list. In location lists a 16-bit
 * length and an expression follow each pair.
 * Since version 5, each item starts with a byte for its kind; the numbers for ranges and locations
 * differ from 5 on. The length of an expression is a LEB128 number.
 */
#include "dwarf_impl.h"

/* Kinds of items in .debug_loclists. */
enum {
	END_OF_LIST,
	BASE_ADDRESSX,
	STARTX_ENDX,
	STARTX_LENGTH,
	OFFSET_PAIR,
	DEFAULT_LOCATION,
	BASE_ADDRESS,
	START_END,
	START_LENGTH,
	VIEW_PAIR, /* gcc, before a location */
};

/* Opcodes of expressions. */
enum {
	DW_OP_plus_uconst = 0x23,
	DW_OP_reg0 = 0x50,
	DW_OP_breg0 = 0x70,
	DW_OP_regx = 0x90,
	DW_OP_fbreg = 0x91,
	DW_OP_bregx = 0x92,
	DW_OP_stack_value = 0x9f,
	REGS = 32,
	EXPR_MAX = 64, /* bytes; longer expressions are not simple */
};

static bool is_list_form(const struct dwarf_die *die, enum dwarf_at at)
{
	uint16_t form = die->form[at];
	if (form == DW_FORM_sec_offset || form == DW_FORM_loclistx || form == DW_FORM_rnglistx)
		return true;
	return die->unit->version < 4 && (form == DW_FORM_data4 || form == DW_FORM_data8);
}

/* Finds the list of an attribute, by its offset or its index in a table. */
static bool open_list(
	struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at, struct dwarf_list *l)
{
	const struct dwarf_unit *u = die->unit;
	bool locations = at == DWARF_LOCATION;
	uint64_t v;
	uint32_t target;
	if (!is_list_form(die, at) || !dwarf_uint(d, die, at, &v))
		return false;
	*l = (struct dwarf_list){.d = d, .unit = die->unit, .base = u->low_pc};
	if (u->version < 5)
		l->section = locations ? DWARF_LOC : DWARF_RANGES;
	else
		l->section = locations ? DWARF_LOCLISTS : DWARF_RNGLISTS;
	l->pos = v;
	if (die->form[at] == DW_FORM_loclistx || die->form[at] == DW_FORM_rnglistx) {
		uint64_t table = u->base[locations ? BASE_LOCLISTS : BASE_RNGLISTS];
		if (v > d->section[l->section].n)
			return false;
		l->pos = table + dwarf_word(d, l->section, table + v * u->offset_size,
					 u->offset_size, &target);
	}
	return l->pos < d->section[l->section].n;
}

bool dwarf_code_of(struct dwarf *d, const struct dwarf_die *die, struct dwarf_list *l)
{
	struct dwarf_place low, high;
	if (dwarf_has(die, DWARF_RANGE_LIST))
		return open_list(d, die, DWARF_RANGE_LIST, l);
	if (!dwarf_place(d, die, DWARF_LOW_PC, &low) || !dwarf_has(die, DWARF_HIGH_PC))
		return false;
	if (is_address_form(die->form[DWARF_HIGH_PC])) {
		dwarf_place(d, die, DWARF_HIGH_PC, &high);
	} else {
		if (!dwarf_uint(d, die, DWARF_HIGH_PC, &high.off))
			return false;
		high.off += low.off;
	}
	*l = (struct dwarf_list){.d = d,
		.unit = die->unit,
		.one = true,
		.first = {.section = low.section, .begin = low.off, .end = high.off}};
	return high.off > low.off;
}

bool dwarf_locations_of(struct dwarf *d, const struct dwarf_die *die, struct dwarf_list *l)
{
	if (!dwarf_has(die, DWARF_LOCATION))
		return false;
	if (is_list_form(die, DWARF_LOCATION))
		return open_list(d, die, DWARF_LOCATION, l);
	*l = (struct dwarf_list){.d = d,
		.unit = die->unit,
		.one = true,
		.first = {.always = true, .expr = dwarf_block(d, die, DWARF_LOCATION)}};
	return l->first.expr.n > 0;
}

/* The address at the current position. */
static struct dwarf_place take_address(struct dwarf_list *l)
{
	struct dwarf_place p;
	unsigned size = l->unit->addr_size;
	p.off = dwarf_word(l->d, l->section, l->pos, size, &p.section);
	l->pos += size;
	return p;
}

static bool is_locations(const struct dwarf_list *l)
{
	return l->section == DWARF_LOC || l->section == DWARF_LOCLISTS;
}

static struct span take_expr(struct dwarf_list *l, uint64_t length)
{
	struct span s = l->d->section[l->section], expr = span_sub(s, l->pos, length);
	l->pos = span_has(s, l->pos, length) ? l->pos + length : s.n;
	return expr;
}

static void set_piece(struct dwarf_piece *p, struct dwarf_place base, uint64_t begin, uint64_t end)
{
	*p = (struct dwarf_piece){
		.section = base.section, .begin = base.off + begin, .end = base.off + end};
}

static bool next_old(struct dwarf_list *l, struct dwarf_piece *p)
{
	struct span s = l->d->section[l->section];
	unsigned size = l->unit->addr_size;
	uint64_t all_ones = size == 8 ? UINT64_MAX : UINT32_MAX;
	while (dwarf_spend(l->d, 1) && span_has(s, l->pos, 2u * size)) {
		struct dwarf_place begin = take_address(l), end = take_address(l);
		if (begin.off == all_ones) {
			l->base = end;
			continue;
		}
		/* A pair of zeroes ends the list, unless it is relocated. */
		if (!begin.off && !end.off && !begin.section && !end.section)
			return false;
		struct dwarf_place base = l->base;
		if (begin.section)
			base = (struct dwarf_place){begin.section, 0};
		set_piece(p, base, begin.off, end.off);
		if (is_locations(l)) {
			uint16_t length = span_u16(s, l->pos);
			l->pos += 2;
			p->expr = take_expr(l, length);
		}
		return true;
	}
	return false;
}

/* The kind of the next item, as in .debug_loclists. */
static unsigned take_kind(struct dwarf_list *l)
{
	unsigned kind = span_u8(l->d->section[l->section], l->pos++);
	return kind > OFFSET_PAIR && !is_locations(l) ? kind + 1 : kind;
}

/* One item. *found: it is a range or location, not a new base. */
static bool next_item(struct dwarf_list *l, struct dwarf_piece *p, bool *found)
{
	struct span s = l->d->section[l->section];
	struct dwarf_place begin;
	uint64_t x;
	*found = true;
	switch (take_kind(l)) {
	case BASE_ADDRESSX:
		l->base = dwarf_indexed(l->d, l->unit, dwarf_uleb(s, &l->pos));
		*found = false;
		return true;
	case BASE_ADDRESS:
		l->base = take_address(l);
		*found = false;
		return true;
	case VIEW_PAIR:
		dwarf_uleb(s, &l->pos);
		dwarf_uleb(s, &l->pos);
		*found = false;
		return is_locations(l);
	case STARTX_ENDX:
		begin = dwarf_indexed(l->d, l->unit, dwarf_uleb(s, &l->pos));
		x = dwarf_indexed(l->d, l->unit, dwarf_uleb(s, &l->pos)).off;
		set_piece(p, begin, 0, x - begin.off);
		return true;
	case STARTX_LENGTH:
		begin = dwarf_indexed(l->d, l->unit, dwarf_uleb(s, &l->pos));
		set_piece(p, begin, 0, dwarf_uleb(s, &l->pos));
		return true;
	case OFFSET_PAIR:
		x = dwarf_uleb(s, &l->pos);
		set_piece(p, l->base, x, dwarf_uleb(s, &l->pos));
		return true;
	case DEFAULT_LOCATION:
		*p = (struct dwarf_piece){.always = true};
		return true;
	case START_END:
		begin = take_address(l);
		set_piece(p, begin, 0, take_address(l).off - begin.off);
		return true;
	case START_LENGTH:
		begin = take_address(l);
		set_piece(p, begin, 0, dwarf_uleb(s, &l->pos));
		return true;
	default:
		return false;
	}
}

static bool next_new(struct dwarf_list *l, struct dwarf_piece *p)
{
	struct span s = l->d->section[l->section];
	bool found = false;
	while (!found) {
		if (!dwarf_spend(l->d, 1) || l->pos >= s.n || !next_item(l, p, &found))
			return false;
	}
	if (is_locations(l)) {
		uint64_t length = dwarf_uleb(s, &l->pos);
		p->expr = take_expr(l, length);
	}
	return true;
}

bool dwarf_next_piece(struct dwarf_list *l, struct dwarf_piece *p)
{
	if (l->done)
		return false;
	if (l->one) {
		l->done = true;
		*p = l->first;
		return true;
	}
	bool more = l->unit->version < 5 ? next_old(l, p) : next_new(l, p);
	l->done = !more;
	return more;
}

/*
 * reg N            the variable is in the register
 * breg N + x       the variable is in memory; with stack_value, this is its value
 * fbreg x          the same, relative to the frame base
 * Only plus_uconst may follow.
 */
struct dwarf_where dwarf_where(struct span expr, struct dwarf_where frame)
{
	const struct dwarf_where nowhere = {0};
	struct dwarf_where w = {0};
	uint64_t pos = 1;
	unsigned op = span_u8(expr, 0);
	if (!expr.n || expr.n > EXPR_MAX)
		return nowhere;
	if (op >= DW_OP_reg0 && op < DW_OP_reg0 + REGS) {
		w = (struct dwarf_where){DWARF_IN_REG, op - DW_OP_reg0, 0};
	} else if (op == DW_OP_regx) {
		w = (struct dwarf_where){DWARF_IN_REG, (unsigned)dwarf_uleb(expr, &pos), 0};
	} else if (op >= DW_OP_breg0 && op < DW_OP_breg0 + REGS) {
		w = (struct dwarf_where){DWARF_AT, op - DW_OP_breg0, dwarf_sleb(expr, &pos)};
	} else if (op == DW_OP_bregx) {
		unsigned reg = (unsigned)dwarf_uleb(expr, &pos);
		w = (struct dwarf_where){DWARF_AT, reg, dwarf_sleb(expr, &pos)};
	} else if (op == DW_OP_fbreg && frame.kind != DWARF_NOWHERE) {
		uint64_t off = (uint64_t)dwarf_sleb(expr, &pos) + (uint64_t)frame.off;
		w = (struct dwarf_where){DWARF_AT, frame.reg, (int64_t)off};
	} else {
		return nowhere;
	}
	while (w.kind == DWARF_AT && pos < expr.n) {
		op = span_u8(expr, pos++);
		if (op == DW_OP_plus_uconst)
			w.off = (int64_t)((uint64_t)w.off + dwarf_uleb(expr, &pos));
		else if (op == DW_OP_stack_value && pos == expr.n)
			w.kind = DWARF_IS;
		else
			return nowhere;
	}
	return pos == expr.n ? w : nowhere;
}

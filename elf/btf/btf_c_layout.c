/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The layout of structs and unions in C, for ABIs in which integers are aligned to their size:
 *
 *  - a member starts at the next multiple of its alignment; a bit-field at the next bit, or at the
 *    next unit of its type if it would cross a unit otherwise;
 *  - a struct has the largest alignment of its members, including named bit-fields, and its size is
 *    a multiple of that;
 *  - in a packed struct all alignments are 1, and bit-fields start at the next bit.
 *
 * BTF contains no alignment: a struct is packed if and only if its offsets or its size are
 * impossible otherwise.
 */
#include "btf_c_impl.h"

uint64_t c_round_up(uint64_t end, uint64_t bits)
{
	return bits ? (end + bits - 1) / bits * bits : end;
}

/* Before 2018 each bit-field had its own INT, which specifies the bits used. */
static void old_bit_field(const struct btf_type *record, struct c_place *p)
{
	struct btf_type t;
	if (record->kflag || !btf_skip(record->btf, p->type, &t) || t.kind != BTF_INT)
		return;
	if (btf_int_bits(&t) != t.size * 8 || btf_int_offset(&t)) {
		p->bits = btf_int_bits(&t);
		p->off += btf_int_offset(&t);
	}
}

struct c_place c_place(const struct btf_type *t, uint32_t i)
{
	struct btf_member m = btf_member(t, i);
	struct c_place p = {m.name, m.type, m.bit_off, 0, m.bit_size, false};
	int64_t size = btf_size(t->btf, m.type);
	old_bit_field(t, &p);
	p.unsized = size < 0;
	p.size = p.bits ? p.bits : p.unsized ? 0 : (uint64_t)size * 8;
	return p;
}

unsigned c_align(struct c_writer *w, uint32_t id)
{
	struct btf_type t;
	for (int steps = 0; steps < C_CHAIN && btf_type(w->b, id, &t); steps++) {
		if (btf_is_composite(&t))
			return c_layout(w, &t) & (C_PACKED - 1);
		if (t.kind == BTF_PTR)
			return w->b->ptr_size;
		if (btf_kind_in(t.kind, BTF_BASICS | BTF_ENUMS))
			return t.size && t.size <= C_ALIGN_MAX && !(t.size & (t.size - 1)) ? t.size
			                                                                   : 1;
		if (!btf_is_modifier(&t) && t.kind != BTF_ARRAY)
			return 1;
		id = t.type;
	}
	return 1;
}

/* Whether the position of a member is possible in C. align: its alignment in bits. */
static bool fits(const struct btf_type *t, const struct c_place *p, unsigned align)
{
	if (!p->bits)
		return p->off % align == 0;
	int64_t size = btf_size(t->btf, p->type);
	uint64_t unit = size > 0 ? (uint64_t)size * 8 : 8;
	return p->off / unit == (p->off + p->bits - 1) / unit;
}

unsigned c_layout(struct c_writer *w, const struct btf_type *t)
{
	uint8_t *known = &w->layout[t->id];
	unsigned most = 1;
	bool packed = false;
	if (*known || w->depth > C_DEPTH)
		return *known ? *known : 1;
	*known = 1; /* for types that contain themselves */
	w->depth++;
	for (uint32_t i = 0; i < t->vlen; i++) {
		struct c_place p = c_place(t, i);
		unsigned align = c_align(w, p.type);
		most = align > most ? align : most;
		packed |= !fits(t, &p, align * 8);
	}
	w->depth--;
	packed |= t->size % most != 0;
	*known = (uint8_t)(packed ? 1 | C_PACKED : most);
	return *known;
}

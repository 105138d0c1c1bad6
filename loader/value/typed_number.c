/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "typed_shape_impl.h"

/*
 * An integer of 1 to 64 bits. Bits are counted from the low end of a byte in little-endian content
 * and from the high end in big-endian content: either way a field is a run of bits.
 */
bool typed_read_bits(struct span rec, uint64_t off, unsigned bits, uint64_t *v)
{
	if (!bits || bits > 64 || !span_has(rec, off / 8, (off % 8 + bits + 7) / 8))
		return false;
	if (off % 8 == 0 && bits % 8 == 0) {
		*v = bytes_get(rec.p + off / 8, bits / 8, rec.big);
		return true;
	}
	*v = 0;
	for (unsigned i = 0; i < bits; i++) {
		uint64_t at = off + i;
		unsigned byte = rec.p[at / 8];
		if (rec.big)
			*v = *v << 1 | (byte >> (7 - at % 8) & 1u);
		else
			*v |= (uint64_t)(byte >> at % 8 & 1u) << i;
	}
	return true;
}

bool typed_read_number(
	const struct typed_shape *s, struct typed_field f, struct span rec, uint64_t *v)
{
	uint64_t off = f.bit_off;
	unsigned bits = f.bit_size;
	if (s->size > 8)
		return false;
	if (!bits)
		bits = (unsigned)s->size * 8;
	if (s->t.kind == BTF_INT && !f.bit_size && btf_int_bits(&s->t) < bits) {
		/* In bit-fields from before kflag, the int type has offset and size. */
		bits = btf_int_bits(&s->t);
		off += btf_int_offset(&s->t);
	}
	struct span src = rec;
	if (s->kind == TYPED_NET || s->kind == TYPED_IP4)
		src.big = true;
	if (!typed_read_bits(src, off, bits, v))
		return false;
	if (s->is_signed && bits < 64 && *v >> (bits - 1) & 1)
		*v |= UINT64_MAX << bits;
	return true;
}

const char *typed_enum_name(const struct typed_shape *s, uint64_t v)
{
	for (uint32_t i = 0; i < s->t.vlen; i++) {
		struct btf_enumerator e = btf_enumerator(&s->t, i);
		/* Old compilers omit the sign: compare the low bits only. */
		uint64_t value = (uint64_t)e.value;
		if (s->size < 8)
			value = s->is_signed ? value : value & ((UINT64_C(1) << s->size * 8) - 1);
		if (value == v)
			return e.name;
	}
	return NULL;
}

struct span typed_bytes(const struct typed_shape *s, struct typed_field f, struct span rec)
{
	struct span rest = span_from(rec, f.bit_off / 8);
	if (s->kind != TYPED_NONE && !f.open && s->size < rest.n)
		rest.n = (size_t)s->size;
	return rest;
}

bool typed_is_number(enum typed_kind kind)
{
	switch (kind) {
	case TYPED_INT:
	case TYPED_BOOL:
	case TYPED_CHAR:
	case TYPED_ENUM:
	case TYPED_PTR:
	case TYPED_IP4:
	case TYPED_NET:
	case TYPED_HEX:
	case TYPED_DEV:
	case TYPED_TIME:
	case TYPED_KADDR:
	case TYPED_UADDR:
	case TYPED_KSTACK:
	case TYPED_USTACK:
	case TYPED_STACK:
		return true;
	default:
		return false;
	}
}

bool typed_shape_number(
	const struct typed_shape *s, struct typed_field f, struct span rec, uint64_t *v)
{
	if (typed_is_number(s->kind))
		return typed_read_number(s, f, rec, v);
	if (s->kind == TYPED_NONE && !f.bit_off &&
		(rec.n == 1 || rec.n == 2 || rec.n == 4 || rec.n == 8))
		return typed_read_bits(rec, 0, (unsigned)rec.n * 8, v);
	return false;
}

bool typed_number(const struct btf *b, struct typed_field f, struct span record, uint64_t *v)
{
	struct typed_shape s = typed_field_shape(b, f);
	return typed_shape_number(&s, f, record, v);
}

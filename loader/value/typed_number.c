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

/* The mirror of typed_read_bits(). */
static bool write_bits(const struct typed_bytes_out *to, uint64_t off, unsigned bits, uint64_t v)
{
	struct span room = {to->p, to->n, to->big};
	if (!bits || bits > 64 || !span_has(room, off / 8, (off % 8 + bits + 7) / 8))
		return false;
	if (off % 8 == 0 && bits % 8 == 0) {
		bytes_put(to->p + off / 8, bits / 8, to->big, v);
		return true;
	}
	for (unsigned i = 0; i < bits; i++) {
		uint64_t at = off + (to->big ? bits - 1 - i : i);
		unsigned bit = 1u << (to->big ? 7 - at % 8 : at % 8);
		uint8_t *byte = &to->p[at / 8];
		*byte = (uint8_t)(v >> i & 1 ? *byte | bit : *byte & ~bit);
	}
	return true;
}

unsigned typed_number_bits(const struct typed_shape *s, struct typed_field f)
{
	unsigned bits = f.bit_size ? f.bit_size : s->size < 8 ? (unsigned)s->size * 8 : 64;
	/* In bit-fields from before kflag, the int type has offset and size. */
	if (s->t.kind == BTF_INT && !f.bit_size && btf_int_bits(&s->t) < bits)
		bits = btf_int_bits(&s->t);
	return bits <= 64 ? bits : 0;
}

/* The offset of those bits. */
static uint64_t number_offset(const struct typed_shape *s, struct typed_field f)
{
	bool legacy = s->t.kind == BTF_INT && !f.bit_size &&
	              btf_int_bits(&s->t) < (s->size < 8 ? (unsigned)s->size * 8 : 64);
	return f.bit_off + (legacy ? btf_int_offset(&s->t) : 0);
}

static bool is_network(const struct typed_shape *s)
{
	return s->kind == TYPED_NET || s->kind == TYPED_IP4;
}

bool typed_read_number(
	const struct typed_shape *s, struct typed_field f, struct span rec, uint64_t *v)
{
	unsigned bits = typed_number_bits(s, f);
	struct span src = rec;
	src.big |= is_network(s);
	if (s->size > 8 || !typed_read_bits(src, number_offset(s, f), bits, v))
		return false;
	if (s->is_signed && bits < 64 && *v >> (bits - 1) & 1)
		*v |= UINT64_MAX << bits;
	return true;
}

bool typed_write_number(const struct typed_shape *s, struct typed_field f,
	const struct typed_bytes_out *to, uint64_t v)
{
	struct typed_bytes_out dst = *to;
	dst.big |= is_network(s);
	return s->size <= 8 && write_bits(&dst, number_offset(s, f), typed_number_bits(s, f), v);
}

struct span typed_bytes(const struct typed_shape *s, struct typed_field f, struct span rec)
{
	struct span rest = span_from(rec, f.bit_off / 8);
	if (s->kind != TYPED_NONE && !f.open && s->size < rest.n)
		rest.n = (size_t)s->size;
	return rest;
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
	case TYPED_ERRNO:
	case TYPED_CGROUP:
	case TYPED_INSTANT:
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

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "value_impl.h"

#include <inttypes.h>

/* v = v * base + digit; false if that exceeds 128 bits. */
static bool append(struct value_number *v, unsigned base, unsigned digit)
{
	uint64_t limbs[4] = {
		v->low & UINT32_MAX, v->low >> 32, v->high & UINT32_MAX, v->high >> 32};
	uint64_t carry = digit;
	for (int i = 0; i < 4; i++) {
		carry += limbs[i] * base;
		limbs[i] = carry & UINT32_MAX;
		carry >>= 32;
	}
	v->low = limbs[1] << 32 | limbs[0];
	v->high = limbs[3] << 32 | limbs[2];
	return !carry;
}

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : UINT32_MAX;
}

bool value_number(const char *text, size_t n, struct value_number *v, bool *large)
{
	unsigned base = 10;
	size_t i = n && (*text == '-' || *text == '+');
	*v = (struct value_number){.negative = i && *text == '-'};
	*large = false;
	if (i + 1 < n && text[i] == '0') {
		char c = text[i + 1] | 0x20;
		base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
		i += base == 8 && c != 'o' ? 1 : 2;
	}
	if (i == n)
		return false;
	for (; i < n; i++) {
		unsigned digit = digit_of(text[i]);
		if (digit >= base)
			return false;
		*large |= !append(v, base, digit);
	}
	return true;
}

/* The range of the numbers of a field, in at most 64 bits. */
struct range {
	uint64_t low, high; /* low: as a magnitude, below zero */
};

static struct range range_of(const struct typed_shape *s, struct typed_field f)
{
	unsigned bits = typed_number_bits(s, f);
	/* What is shown in hexadecimal is a pattern of bits, of signed types too. */
	bool pattern = s->kind == TYPED_HEX || s->kind == TYPED_PTR || s->kind == TYPED_KADDR ||
	               s->kind == TYPED_UADDR;
	uint64_t high = bits ? UINT64_MAX >> (64 - bits) : 0, half = high / 2;
	if (s->kind == TYPED_BOOL)
		return (struct range){0, 1};
	if (s->is_signed)
		return (struct range){half + 1, pattern ? high : half};
	return (struct range){0, high};
}

static bool out_of_range(
	const struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	char text[VALUE_WORD];
	struct range r = range_of(s, f);
	value_word_text(p, text);
	if (s->size > 8)
		return value_fail(p, ": %s does not fit in %" PRIu64 " bytes", text, s->size);
	return value_fail(p, ": %s is out of range (%s%" PRIu64 " to %" PRIu64 ")", text,
		r.low ? "-" : "", r.low, r.high);
}

/* Integers of 16 bytes. */
static bool put_wide(struct value_parser *p, const struct typed_shape *s, struct typed_field f,
	const struct value_number *v)
{
	uint8_t bytes[16];
	uint64_t low = v->negative ? 0 - v->low : v->low;
	uint64_t high = v->negative ? ~v->high + !v->low : v->high;
	bool fits = s->is_signed ? !v->negative || v->high <= (uint64_t)INT64_MAX ||
	                                   (v->high == (uint64_t)INT64_MAX + 1 && !v->low)
	                         : !v->negative;
	if (!fits)
		return out_of_range(p, s, f);
	bool big = p->at->big;
	bytes_put(bytes + (big ? 8 : 0), 8, big, low);
	bytes_put(bytes + (big ? 0 : 8), 8, big, high);
	return value_store(p, f, bytes, sizeof bytes);
}

bool value_put_number(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	struct value_number v;
	char text[VALUE_WORD];
	bool large;
	struct range r = range_of(s, f);
	if (!value_number(p->p, value_word(p), &v, &large)) {
		value_word_text(p, text);
		value_fail(p, " expects a number, got '%s'", text);
		return *text == '0' && text[1] >= '0' && text[1] <= '9'
		               ? err_hint(p->e, "a number that starts with 0 is octal")
		               : false;
	}
	if (s->size > 8 && s->size != 16)
		return value_fail(p, ": integers of %" PRIu64 " bytes cannot be set", s->size);
	if (large)
		return out_of_range(p, s, f);
	if (s->size == 16)
		return put_wide(p, s, f, &v);
	if (v.high || v.low > (v.negative ? r.low : r.high))
		return out_of_range(p, s, f);
	return value_store_number(p, s, f, v.negative ? 0 - v.low : v.low);
}

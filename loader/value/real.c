/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A number is a fraction of two large integers: m * 2^e or m * 10^e, with the power in the numerator or,
 * if e is negative, in the denominator. Long division yields digits or bits, and what remains tells how
 * to round.
 */
#include "real.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum {
	LIMBS = 144,      /* of 32 bits; DIGITS and an exponent of -1200 need 4000 bits */
	DIGITS_MAX = 800, /* 767 decide how a number half way between two others is rounded */
	EXPONENT_MAX = 400,
	HEX_DIGITS = 15, /* in 60 bits */
	DOUBLE_BITS = 53,
	DOUBLE_MIN = -1074, /* the exponent of the smallest positive number */
	FLOAT_BITS = 24,
	FLOAT_MIN = -149,
};

struct large {
	unsigned n; /* limbs in use; the last one is not 0 */
	uint32_t limb[LIMBS];
};

static void multiply_add(struct large *x, uint32_t factor, uint32_t more)
{
	uint64_t carry = more;
	for (unsigned i = 0; i < x->n; i++) {
		carry += (uint64_t)x->limb[i] * factor;
		x->limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry && x->n < LIMBS)
		x->limb[x->n++] = (uint32_t)carry;
}

static void set(struct large *x, uint64_t v)
{
	x->limb[0] = (uint32_t)v;
	x->limb[1] = (uint32_t)(v >> 32);
	x->n = x->limb[1] ? 2 : x->limb[0] ? 1 : 0;
}

static void multiply_power(struct large *x, uint32_t base, int exponent)
{
	for (; exponent > 0; exponent--)
		multiply_add(x, base, 0);
}

static int compare(const struct large *x, const struct large *y)
{
	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	for (unsigned i = x->n; i--;)
		if (x->limb[i] != y->limb[i])
			return x->limb[i] < y->limb[i] ? -1 : 1;
	return 0;
}

/* x -= y, if y is not larger. */
static bool subtract(struct large *x, const struct large *y)
{
	int64_t borrow = 0;
	if (compare(x, y) < 0)
		return false;
	for (unsigned i = 0; i < x->n; i++) {
		borrow += (int64_t)x->limb[i] - (i < y->n ? y->limb[i] : 0);
		x->limb[i] = (uint32_t)borrow;
		borrow >>= 32;
	}
	while (x->n && !x->limb[x->n - 1])
		x->n--;
	return true;
}

/* ---- to text ---- */

/* The digits of m * 2^e, which is not 0, rounded to n of them. Returns the exponent of the first one. */
static int round_digits(uint64_t m, int e, char *digits, unsigned n)
{
	struct large top, bottom;
	int exponent = 0;
	set(&top, m);
	set(&bottom, 1);
	multiply_power(e < 0 ? &bottom : &top, 2, e < 0 ? -e : e);
	for (; compare(&top, &bottom) < 0; exponent--)
		multiply_add(&top, 10, 0);
	for (;; exponent++) {
		struct large tenfold = bottom;
		multiply_add(&tenfold, 10, 0);
		if (compare(&top, &tenfold) < 0)
			break;
		bottom = tenfold;
	}
	for (unsigned i = 0; i < n; i++, multiply_add(&top, 10, 0))
		for (digits[i] = '0'; subtract(&top, &bottom);)
			digits[i]++;
	/* What remains has been multiplied by 10. */
	multiply_add(&bottom, 5, 0);
	int rest = compare(&top, &bottom);
	if (rest > 0 || (!rest && digits[n - 1] % 2)) {
		unsigned i = n;
		while (i && digits[i - 1] == '9')
			digits[--i] = '0';
		if (i) {
			digits[i - 1]++;
		} else {
			*digits = '1';
			exponent++;
		}
	}
	return exponent;
}

static char *put(char *to, const char *text, unsigned n)
{
	memcpy(to, text, n);
	return to + n;
}

static char *put_exponent(char *to, int exponent)
{
	unsigned n = (unsigned)(exponent < 0 ? -exponent : exponent);
	*to++ = 'e';
	*to++ = exponent < 0 ? '-' : '+';
	if (n >= 100)
		*to++ = (char)('0' + n / 100);
	*to++ = (char)('0' + n / 10 % 10);
	*to++ = (char)('0' + n % 10);
	return to;
}

void real_text(char buf[static REAL_TEXT], double d, unsigned n)
{
	char digits[REAL_DIGITS_MAX];
	uint64_t bits;
	memcpy(&bits, &d, sizeof bits);
	int e = (int)(bits >> (DOUBLE_BITS - 1)) & 0x7ff, exponent = 0;
	uint64_t m = bits & ((UINT64_C(1) << (DOUBLE_BITS - 1)) - 1);
	if (bits >> 63)
		*buf++ = '-';
	if (e == 0x7ff) {
		strcpy(buf, m ? "nan" : "inf");
		return;
	}
	if (e)
		m |= UINT64_C(1) << (DOUBLE_BITS - 1);
	memset(digits, '0', n);
	if (m)
		exponent = round_digits(m, DOUBLE_MIN + (e ? e - 1 : 0), digits, n);
	bool scientific = exponent < -4 || exponent >= (int)n;
	int whole = scientific ? 1 : exponent + 1; /* digits before the point */
	while (n > 1 && (int)n > whole && digits[n - 1] == '0')
		n--;
	if (whole <= 0) {
		buf = put(buf, "0.0000", (unsigned)(2 - whole));
		buf = put(buf, digits, n);
	} else {
		buf = put(buf, digits, (unsigned)whole);
		if ((int)n > whole) {
			*buf++ = '.';
			buf = put(buf, digits + whole, n - (unsigned)whole);
		}
	}
	*(scientific ? put_exponent(buf, exponent) : buf) = 0;
}

/* ---- from text ---- */

/* Rounds v * 2^e, the highest bit of v set and `more` if something was cut off, to a number. */
static double assemble(uint64_t v, int e, bool more, bool single)
{
	int bits = single ? FLOAT_BITS : DOUBLE_BITS, min = single ? FLOAT_MIN : DOUBLE_MIN;
	uint64_t infinite = single ? 0x7f800000 : UINT64_C(0x7ff) << (DOUBLE_BITS - 1);
	int drop = e + 64 - bits < min ? min - e : 64 - bits; /* low bits without room */
	if (drop > 64)
		return 0;
	uint64_t half = UINT64_C(1) << (drop - 1), kept = drop < 64 ? v >> drop : 0;
	uint64_t rest = v & (half | (half - 1));
	kept += rest > half || (rest == half && (more || kept & 1));
	/* The highest bit that is kept adds 1 to the exponent, unless the number is too small for it. */
	uint64_t word = (uint64_t)(e + drop - min) << (bits - 1);
	word = e + drop - min > 0x7ff || word + kept > infinite ? infinite : word + kept;
	if (single) {
		uint32_t low = (uint32_t)word;
		float x;
		memcpy(&x, &low, sizeof x);
		return (double)x;
	}
	double d;
	memcpy(&d, &word, sizeof d);
	return d;
}

/* m * 10^e. */
static double divide(struct large *top, int e, bool single)
{
	struct large bottom;
	uint64_t v = 0;
	int shift = 0;
	set(&bottom, 1);
	multiply_power(e < 0 ? &bottom : top, 10, e < 0 ? -e : e);
	/* The quotient shall have 64 bits: half <= top / bottom < 1, 64 doublings. */
	for (; compare(top, &bottom) >= 0; shift++)
		multiply_add(&bottom, 2, 0);
	for (;; shift--) {
		struct large twice = *top;
		multiply_add(&twice, 2, 0);
		if (compare(&twice, &bottom) >= 0)
			break;
		*top = twice;
	}
	for (unsigned i = 0; i < 64; i++) {
		multiply_add(top, 2, 0);
		v = v << 1 | subtract(top, &bottom);
	}
	return assemble(v, shift - 64, top->n, single);
}

/* An exponent after 'e' or 'p', limited to what cannot be a finite number anyway. */
static int read_exponent(const char **p, char letter)
{
	const char *at = *p;
	int n = 0;
	if ((*at | 0x20) != letter)
		return 0;
	bool minus = *++at == '-';
	at += minus || *at == '+';
	if (*at < '0' || *at > '9')
		return 0;
	for (; *at >= '0' && *at <= '9'; at++)
		if (n < 100000)
			n = n * 10 + *at - '0';
	*p = at;
	return minus ? -n : n;
}

static int digit_value(char c, unsigned base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Digits with at most one point. *scale: how many of them are after the point, less those that `most`
 * leaves out. False without a digit. */
static bool read_digits(
	const char **p, unsigned base, struct large *m, unsigned most, int *scale, bool *more)
{
	const char *at = *p;
	unsigned n = 0;
	bool any = false, point = false;
	m->n = 0;
	*scale = 0;
	*more = false;
	for (;; at++) {
		int digit = digit_value(*at, base);
		if (*at == '.' && !point) {
			point = true;
			continue;
		}
		if (digit < 0)
			break;
		any = true;
		if (n < most) {
			multiply_add(m, base, (uint32_t)digit);
			n += m->n > 0;
			*scale += point;
		} else {
			*more |= digit > 0;
			*scale -= !point;
		}
	}
	if (any)
		*p = at;
	return any;
}

static double read_hex(const char **p, bool single)
{
	struct large m;
	int scale, e;
	bool more;
	if (!read_digits(p, 16, &m, HEX_DIGITS, &scale, &more))
		return 0;
	e = read_exponent(p, 'p') - 4 * scale;
	uint64_t v = m.n > 1 ? (uint64_t)m.limb[1] << 32 | m.limb[0] : m.n ? m.limb[0] : 0;
	if (!v)
		return 0;
	for (; !(v >> 63); e--)
		v <<= 1;
	return assemble(v, e > 5000 ? 5000 : e < -5000 ? -5000 : e, more, single);
}

static double read_decimal(const char **p, bool single)
{
	struct large m;
	int scale;
	bool more;
	if (!read_digits(p, 10, &m, DIGITS_MAX, &scale, &more))
		return 0;
	int e = read_exponent(p, 'e') - scale;
	if (more) /* any digit will do */
		m.limb[0] |= 1;
	if (!m.n)
		return 0;
	if (e > EXPONENT_MAX)
		return __builtin_inf();
	if (e + (int)m.n * 10 < -EXPONENT_MAX) /* a limb is less than 10^10 */
		return 0;
	return divide(&m, e, single);
}

double real_read(const char *text, const char **end, bool single)
{
	const char *p = text + (*text == '-' || *text == '+'), *begin = p;
	double d;
	if (!strncasecmp(p, "inf", 3)) {
		p += strncasecmp(p, "infinity", 8) ? 3 : 8;
		d = __builtin_inf();
	} else if (!strncasecmp(p, "nan", 3)) {
		p += 3;
		d = __builtin_nan("");
	} else if (*p == '0' && (p[1] | 0x20) == 'x') {
		p += 2;
		d = read_hex(&p, single);
		if (p == begin + 2) /* "0", and an x */
			p = begin + 1;
	} else {
		d = read_decimal(&p, single);
	}
	*end = p == begin ? text : p;
	return p > begin && *text == '-' ? -d : d;
}

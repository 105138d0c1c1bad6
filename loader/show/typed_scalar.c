/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "typed_impl.h"

#include "elf/base/format.h"
#include "elf/base/ip_text.h"
#include "loader/value/real.h"

#include <inttypes.h>
#include <string.h>

/* As snprintf() with %llu or %lld, but fast: most output is decimal numbers. */
static void decimal(char buf[static 64], uint64_t v, bool is_signed)
{
	char digits[24];
	unsigned n = 0;
	bool minus = is_signed && (int64_t)v < 0;
	v = minus ? 0 - v : v;
	do
		digits[n++] = (char)('0' + v % 10);
	while (v /= 10);
	if (minus)
		*buf++ = '-';
	while (n)
		*buf++ = digits[--n];
	*buf = 0;
}

/* ::ffff:1.2.3.4 */
static bool is_mapped(struct span ip)
{
	static const uint8_t head[12] = {[10] = 0xff, [11] = 0xff};
	return !memcmp(ip.p, head, sizeof head);
}

bool typed_scalar_text(
	const struct typed_shape *s, struct typed_field f, struct span rec, char buf[static 64])
{
	struct span bytes = typed_bytes(s, f, rec);
	uint64_t v;
	buf[0] = 0;
	if (s->kind == TYPED_IP6 && bytes.n == 16)
		return ip_text(bytes.p, IP6_BYTES, buf);
	if (s->kind == TYPED_IP4 && bytes.n == 4)
		return ip_text(bytes.p, IP4_BYTES, buf);
	if (s->kind == TYPED_IP && bytes.n == 16)
		return is_mapped(bytes) ? ip_text(bytes.p + 12, IP4_BYTES, buf)
		                        : ip_text(bytes.p, IP6_BYTES, buf);
	if (s->kind == TYPED_INT && s->size == 16 && bytes.n == 16) {
		uint64_t a = span_u64(bytes, 0), c = span_u64(bytes, 8);
		uint64_t high = bytes.big ? a : c, low = bytes.big ? c : a;
		if (high)
			text_print(buf, 64, "0x%" PRIx64 "%016" PRIx64, high, low);
		else
			text_print(buf, 64, "0x%" PRIx64, low);
		return true;
	}
	if (!typed_is_number(s->kind) || !typed_read_number(s, f, rec, &v))
		return false;
	if (s->kind == TYPED_PTR || s->kind == TYPED_HEX || s->kind == TYPED_KADDR ||
		s->kind == TYPED_UADDR)
		text_print(buf, 64, "0x%" PRIx64, v & UINT64_MAX >> (64 - typed_number_bits(s, f)));
	else if (s->kind == TYPED_DEV) /* the encoding inside the kernel: 12 and 20 bits */
		text_print(buf, 64, "%" PRIu64 ":%" PRIu64, v >> 20, v & 0xfffff);
	else if (s->kind == TYPED_BOOL)
		text_print(buf, 64, "%s", v ? "true" : "false");
	else
		decimal(buf, v, s->is_signed);
	return true;
}

bool typed_float_text(
	const struct typed_shape *s, struct typed_field f, struct span rec, char buf[static 64])
{
	struct span bytes = typed_bytes(s, f, rec);
	uint64_t v;
	double d;
	bool single = s->size == 4;
	if ((!single && s->size != 8) || f.bit_size ||
		!typed_read_bits(bytes, 0, single ? 32 : 64, &v))
		return false;
	if (single) {
		uint32_t low = (uint32_t)v;
		float x;
		memcpy(&x, &low, sizeof x);
		d = (double)x;
	} else {
		memcpy(&d, &v, sizeof d);
	}
	unsigned digits = single ? 6 : 15;
	const char *end;
	do
		real_text(buf, d, digits);
	while (++digits <= (single ? 9 : 17) && real_read(buf, &end, single) != d);
	return d - d == 0.0;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "utf8.h"

unsigned utf8_char(const uint8_t *p, size_t n, uint32_t *c)
{
	/* By first byte: mask and value, length, the lowest code point of that length. */
	static const struct {
		uint8_t mask, lead, len;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800},
		{0xf8, 0xf0, 4, 0x10000}};
	for (unsigned i = 0; n && i < sizeof forms / sizeof *forms; i++) {
		if ((p[0] & forms[i].mask) != forms[i].lead)
			continue;
		if (n < forms[i].len)
			return 0;
		uint32_t v = p[0] & ~forms[i].mask & 0xffu;
		for (unsigned k = 1; k < forms[i].len; k++) {
			if ((p[k] & 0xc0) != 0x80)
				return 0;
			v = v << 6 | (p[k] & 0x3fu);
		}
		if (v < forms[i].least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
			return 0;
		*c = v;
		return forms[i].len;
	}
	return 0;
}

bool utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

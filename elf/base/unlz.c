/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "unlz.h"

enum { LENGTH_MIN = 4, NIBBLE = 15, MORE = 255 };

/* A number of a token, and the bytes that are added if it is the largest. */
static size_t number(struct span s, size_t *at, unsigned nibble)
{
	size_t n = nibble;
	uint8_t byte = MORE;
	if (nibble < NIBBLE)
		return n;
	for (; byte == MORE && *at < s.n; n += byte)
		byte = s.p[(*at)++];
	return n;
}

bool unlz(struct span packed, uint8_t *out, size_t n)
{
	size_t at = 0, used = 0;
	packed.big = false;
	for (;;) {
		if (at >= packed.n)
			return false;
		unsigned token = packed.p[at++];
		size_t literals = number(packed, &at, token >> 4);
		if (!span_has(packed, at, literals) || literals > n - used)
			return false;
		memcpy(out + used, packed.p + at, literals);
		at += literals;
		used += literals;
		if (at == packed.n) /* the last sequence has no copy */
			return used == n;
		size_t distance = span_u16(packed, at);
		at += 2;
		size_t length = number(packed, &at, token & NIBBLE) + LENGTH_MIN;
		if (!distance || distance > used || length > n - used)
			return false;
		for (; length; length--, used++)
			out[used] = out[used - distance];
	}
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "duration.h"

#include <stddef.h>

/* One number with its unit, in thousandths of a millisecond. NULL if malformed. bare: no unit is needed. */
static const char *read_time(const char *p, bool bare, uint64_t *thousandths)
{
	/* Without pointers, which need relocations: the runner has none. */
	static const struct {
		char unit[4];
		uint32_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"", 1000}};
	uint64_t v = 0, digit = 1000;
	const char *start = p;
	for (; *p >= '0' && *p <= '9' && v < UINT32_MAX; p++)
		v = v * 10 + (uint64_t)(*p - '0') * 1000;
	if (p == start)
		return NULL;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++)
			v += (uint64_t)(*p - '0') * (digit /= 10);
	for (unsigned i = 0; i < sizeof units / sizeof *units; i++) {
		const char *unit = units[i].unit, *end = p;
		for (; *unit && *unit == *end; unit++)
			end++;
		if (*unit || (end == p && (*p || !bare)))
			continue;
		*thousandths = v * units[i].ms;
		return end;
	}
	return NULL;
}

bool duration_ms(const char *text, uint32_t *ms)
{
	uint64_t sum = 0, part;
	const char *p = text;
	do {
		p = read_time(p, p == text, &part);
		if (!p)
			return false;
		sum += part / 1000;
		if (sum > INT32_MAX)
			return false;
	} while (*p);
	*ms = (uint32_t)sum;
	return sum;
}

unsigned decimal_text(char to[static DECIMAL_TEXT], double v, unsigned places)
{
	char digits[24];
	unsigned unit = places == 2 ? 100 : places == 1 ? 10 : 1, n = 0, length = 0;
	v *= unit;
	uint64_t whole = v < 0x1p64 ? (uint64_t)v : UINT64_MAX;
	double rest = v - (double)whole;
	whole += rest > 0.5 || (rest == 0.5 && whole & 1);
	do {
		digits[n++] = (char)('0' + whole % 10);
		whole /= 10;
	} while (whole || n <= places);
	while (n) {
		to[length++] = digits[--n];
		if (n && n == places)
			to[length++] = '.';
	}
	return length;
}

unsigned time_text(char to[static DECIMAL_TEXT], uint64_t v, unsigned unit)
{
	double t = (double)v;
	for (; t >= 999.5 && unit < 3; unit++)
		t /= 1000;
	bool whole = t >= 99.95 || t == (double)v;
	unsigned n = decimal_text(to, t, whole ? 0 : t < 9.995 ? 2 : 1);
	to[n++] = ' ';
	if (unit < 3)
		to[n++] = "num"[unit];
	to[n++] = 's';
	return n;
}

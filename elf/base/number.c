/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "number.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>

static unsigned digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* The absolute value is at most max, or one more if the number is signed and negative. */
static uint64_t read_number(
	const char *text, char **end, unsigned base, uint64_t max, bool is_signed)
{
	const char *p = text, *last = text;
	uint64_t n = 0;
	bool large = false;
	while (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		p++;
	bool minus = *p == '-';
	p += minus || *p == '+';
	max += is_signed && minus;
	if ((!base || base == 16) && *p == '0' && (p[1] | 0x20) == 'x' && digit(p[2]) < 16) {
		p += 2;
		base = 16;
	}
	if (!base)
		base = *p == '0' ? 8 : 10;
	for (; digit(*p) < base; last = ++p) {
		large |= n > (max - digit(*p)) / base;
		n = n * base + digit(*p);
	}
	if (end)
		*end = (char *)(uintptr_t)last;
	if (large) {
		errno = ERANGE;
		n = max;
	}
	return minus && (is_signed || !large) ? 0 - n : n;
}

uint64_t text_u64(const char *text, char **end, unsigned base)
{
	return read_number(text, end, base, UINT64_MAX, false);
}

int64_t text_s64(const char *text, char **end, unsigned base)
{
	return (int64_t)read_number(text, end, base, INT64_MAX, true);
}

unsigned long text_ulong(const char *text, char **end, unsigned base)
{
	return (unsigned long)read_number(text, end, base, ULONG_MAX, false);
}

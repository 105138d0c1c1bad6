/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "printk_format.h"

#include <string.h>

enum {
	TEXT_MAX = 1023,    /* the kernel's buffer of 1024 bytes without the terminator */
	CUT_WITHIN = 64,    /* a truncated conversion other than %s began this close to the end */
	INT_MAX_TEXT = 11,  /* longest int with sign; 0x and 8 digits are shorter */
	LONG_MAX_TEXT = 20, /* the same for 64 bits */
};

enum conversion {
	CONV_ANY,     /* any bytes, at least the width */
	CONV_CHAR,    /* one byte; a NUL ends the text */
	CONV_NUMBER,  /* decimal or hexadecimal */
	CONV_POINTER, /* 8 or 16 hexadecimal digits, or a word in parentheses */
	CONV_SYMBOL,  /* at least one byte */
	CONV_IP4,
	CONV_IP6,
};

/* An item of a format: a literal byte or a conversion. */
struct item {
	bool literal;
	char byte; /* if literal */
	enum conversion conversion;
	bool zero, plus, minus, blank, hash; /* flags */
	unsigned width, max;                 /* max: longest text without padding */
	bool is_signed, upper, is_long;
	unsigned base;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *parse_flags(const char *p, struct item *it)
{
	for (;; p++) {
		it->zero |= *p == '0';
		it->plus |= *p == '+';
		it->minus |= *p == '-';
		it->blank |= *p == ' ';
		it->hash |= *p == '#';
		if (!*p || !strchr("0+- #", *p))
			break;
	}
	for (; is_digit(*p); p++)
		if (it->width < TEXT_MAX)
			it->width = it->width * 10 + (unsigned)(*p - '0');
	if (*p == '.') /* no kernel so far supports a precision */
		for (p++; is_digit(*p) || *p == '*'; p++)
			;
	return p;
}

/* After "%p": only the extensions supported by BPF helpers. */
static const char *parse_pointer(const char *p, struct item *it)
{
	it->conversion = CONV_POINTER;
	it->max = 20;
	if ((p[0] == 'k' || p[0] == 'u') && p[1] == 's') {
		it->conversion = CONV_ANY;
		return p + 2;
	}
	if ((p[0] == 'i' || p[0] == 'I') && (p[1] == '4' || p[1] == '6')) {
		it->conversion = p[1] == '4' ? CONV_IP4 : CONV_IP6;
		it->zero = p[0] == 'i';
		it->max = 39;
		return p + 2;
	}
	if (*p && strchr("BsSfF", *p)) {
		it->conversion = CONV_SYMBOL;
		return p + 1;
	}
	return *p == 'K' || *p == 'x' ? p + 1 : p;
}

/* Parses the item at p, which is not the end of the format. Returns the start of the next one. */
static const char *parse_item(const char *p, struct item *it)
{
	*it = (struct item){.literal = true, .byte = *p};
	if (*p != '%')
		return p + 1;
	if (p[1] == '%')
		return p + 2;
	it->literal = false;
	p = parse_flags(p + 1, it);
	for (; *p && strchr("hlLqjzt", *p); p++)
		it->is_long |= *p != 'h';
	it->max = it->is_long ? LONG_MAX_TEXT : INT_MAX_TEXT;
	it->conversion = CONV_NUMBER;
	it->base = 10;
	switch (*p) {
	case 'd':
	case 'i':
		it->is_signed = true;
		return p + 1;
	case 'u':
		return p + 1;
	case 'X':
		it->upper = true;
		/* fall through */
	case 'x':
		it->base = 16;
		return p + 1;
	case 'c':
		it->conversion = CONV_CHAR;
		it->max = 1;
		return p + 1;
	case 'p':
		return parse_pointer(p + 1, it);
	default: /* %s, and conversions of later kernels */
		it->conversion = CONV_ANY;
		return *p ? p + 1 : p;
	}
}

static bool is_hex(char c, bool upper)
{
	return is_digit(c) || (upper ? c >= 'A' && c <= 'F' : c >= 'a' && c <= 'f');
}

/* Digits of one number, without leading zeros unless padded, and within the range of its type. */
static bool digits_fit(const struct item *it, const char *s, size_t n, bool negative, bool padded)
{
	static const char *const largest[2][2] = {
		{"4294967295", "18446744073709551615"},
		{"2147483648", "9223372036854775808"},
	};
	if (n == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!(it->base == 16 ? is_hex(s[i], it->upper) : is_digit(s[i])))
			return false;
	while (padded && n > 1 && *s == '0')
		s++, n--;
	if (*s == '0' && n > 1)
		return false;
	if (it->base == 16)
		return n <= (it->is_long ? 16 : 8);
	const char *most = largest[it->is_signed][it->is_long];
	size_t most_n = strlen(most);
	int order = n == most_n ? memcmp(s, most, n) : n < most_n ? -1 : 1;
	return order < 0 || (order == 0 && (negative || !it->is_signed));
}

static bool number_fits(const struct item *it, const char *s, size_t n)
{
	bool filled = n == it->width;
	if (n < it->width)
		return false;
	while (filled && it->minus && n && s[n - 1] == ' ')
		n--;
	while (filled && !it->minus && !it->zero && n && *s == ' ')
		s++, n--;
	bool negative = n && it->is_signed && *s == '-';
	bool sign = negative || (n && it->is_signed && it->plus && *s == '+') ||
	            (n && it->is_signed && it->blank && *s == ' ');
	s += sign;
	n -= sign;
	if (it->hash && it->base == 16 && n > 2 && s[0] == '0' && (s[1] | 32) == 'x') {
		s += 2;
		n -= 2;
	}
	return digits_fit(it, s, n, negative, filled && it->zero && !it->minus);
}

static bool pointer_fits(const struct item *it, const char *s, size_t n)
{
	if (n < it->width)
		return false;
	while (n && *s == ' ')
		s++, n--;
	while (n && s[n - 1] == ' ')
		n--;
	if (n >= 3 && s[0] == '(' && s[n - 1] == ')')
		return true;
	if (n > 2 && s[0] == '0' && s[1] == 'x') {
		s += 2;
		n -= 2;
	}
	for (size_t i = 0; i < n; i++)
		if (!is_hex(s[i], false))
			return false;
	return n == 8 || n == 16 || (it->width && n);
}

/* Four numbers up to 255; with three digits each if it->zero. */
static bool ip4_fits(const struct item *it, const char *s, size_t n)
{
	const char *end = s + n;
	for (unsigned i = 0; i < 4; i++) {
		unsigned v = 0, digits = 0;
		for (; s < end && is_digit(*s) && digits < 4; s++, digits++)
			v = v * 10 + (unsigned)(*s - '0');
		if (!digits || digits > 3 || v > 255 || (it->zero && digits != 3))
			return false;
		if (!it->zero && digits > 1 && s[-(int)digits] == '0')
			return false;
		if (i < 3 && (s == end || *s++ != '.'))
			return false;
	}
	return s == end;
}

/* 32 hexadecimal digits, with a colon after every four unless it->zero. */
static bool ip6_fits(const struct item *it, const char *s, size_t n)
{
	if (n != (it->zero ? 32 : 39))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!it->zero && i % 5 == 4 ? s[i] != ':' : !is_hex(s[i], false))
			return false;
	return true;
}

static bool conversion_fits(const struct item *it, const char *s, size_t n)
{
	switch (it->conversion) {
	case CONV_NUMBER:
		return number_fits(it, s, n);
	case CONV_POINTER:
		return pointer_fits(it, s, n);
	case CONV_CHAR:
		return n == (it->width > 1 ? it->width : 1);
	case CONV_IP4:
		return ip4_fits(it, s, n);
	case CONV_IP6:
		return ip6_fits(it, s, n);
	default:
		return n >= (it->conversion == CONV_SYMBOL && !it->width ? 1 : it->width);
	}
}

/* Positions in the text where the items so far can end; none is before first. */
struct ends {
	size_t first;
	bool at[TEXT_MAX + 1]; /* valid from first on */
};

/* to: the ends including this item. False if there are none. */
static bool step(const struct item *it, const char *text, size_t len, const struct ends *from,
	struct ends *to)
{
	bool some = false;
	size_t most = it->max > it->width ? it->max : it->width;
	bool open_end = it->conversion == CONV_ANY || it->conversion == CONV_SYMBOL;
	to->first = from->first;
	memset(to->at + to->first, 0, len + 1 - to->first);
	for (size_t i = from->first; i <= len; i++) {
		if (!from->at[i])
			continue;
		if (it->literal) {
			if (i < len && text[i] == it->byte)
				some = to->at[i + 1] = true;
			continue;
		}
		size_t last = open_end || len - i < most ? len : i + most;
		for (size_t end = i; end <= last; end++)
			if (conversion_fits(it, text + i, end - i))
				some = to->at[end] = true;
		if (open_end)
			break; /* later positions cannot reach more */
	}
	while (some && !to->at[to->first])
		to->first++;
	return some;
}

static bool any_from(const struct ends *ends, size_t first, size_t last)
{
	for (size_t i = first > ends->first ? first : ends->first; i <= last; i++)
		if (ends->at[i])
			return true;
	return false;
}

/* Follows all possible matches at once, as a set of positions, instead of backtracking. Most formats
 * begin with text, which has one end. */
static bool matches(const char *format, const char *format_end, const char *text, size_t len)
{
	struct ends sets[2];
	bool cut = len >= TEXT_MAX;
	unsigned now = 0;
	if (cut)
		len = TEXT_MAX;
	sets[0].first = 0;
	for (; format < format_end && *format != '%' && sets[0].first < len; format++)
		if (*format != text[sets[0].first++])
			return false;
	memset(sets[0].at + sets[0].first, 0, len + 1 - sets[0].first);
	sets[0].at[sets[0].first] = true;
	while (format < format_end) {
		struct item it;
		format = parse_item(format, &it);
		if (cut && any_from(&sets[now], it.literal ? len : len - CUT_WITHIN, len))
			return true;
		if (!it.literal && it.conversion == CONV_CHAR && any_from(&sets[now], len, len))
			return true;
		if (!step(&it, text, len, &sets[now], &sets[!now]))
			return false;
		now = !now;
	}
	return any_from(&sets[now], len, len);
}

bool printk_format_matches(const char *format, const char *text, size_t len)
{
	const char *end = format + strlen(format);
	while (end > format && end[-1] == '\n')
		end--;
	while (len && text[len - 1] == '\n')
		len--;
	if (matches(format, end, text, len))
		return true;
	for (const char *line = format; memchr(format, '\n', (size_t)(end - format));) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *line_end = newline ? newline : end;
		if (line_end > line && matches(line, line_end, text, len))
			return true;
		if (!newline)
			break;
		line = newline + 1;
	}
	return false;
}

void printk_format_pattern(const char *format, char any, char *to)
{
	while (*format) {
		struct item it;
		format = parse_item(format, &it);
		*to++ = it.literal ? it.byte : any;
	}
	*to = 0;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Strings, and bytes in hexadecimal. */
#include "value_impl.h"

#include <inttypes.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* n hexadecimal digits at p; -1 if there are fewer. */
static long hex_number(const char *p, unsigned n)
{
	long v = 0;
	for (unsigned i = 0; i < n; i++) {
		int digit = hex_digit(p[i]);
		if (digit < 0)
			return -1;
		v = v << 4 | digit;
	}
	return v;
}

/* UTF-8 of a character below 0x10000; its length. */
static size_t utf8_put(char out[static 4], unsigned long c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3f));
	out[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

bool value_character(struct value_parser *p, char out[static 4], size_t *n)
{
	static const char letters[] = "n\nt\tr\r\\\\\"\"''"; /* pairs: letter, character */
	*n = 1;
	out[0] = *p->p;
	if (*p->p != '\\') {
		p->p += *p->p != 0;
		return true;
	}
	char c = p->p[1];
	unsigned digits = c == 'x' ? 2 : c == 'u' ? 4 : 0;
	long v = digits ? hex_number(p->p + 2, digits) : -1;
	if (v >= 0 && c == 'u')
		*n = utf8_put(out, (unsigned long)v);
	else
		out[0] = (char)v;
	for (const char *l = letters; c && !digits && *l; l += 2)
		if (c == l[0]) {
			out[0] = l[1];
			v = 0;
		}
	if (v < 0) {
		value_fail(p, ": unknown escape '\\%.1s'", p->p + 1);
		return err_hint(p->e, "the escapes are \\n, \\t, \\r, \\\", \\', \\\\, \\xHH and "
				      "\\uHHHH");
	}
	p->p += 2 + digits;
	return true;
}

static bool too_long(const struct value_parser *p, const char *begin, uint64_t size)
{
	char text[VALUE_WORD];
	struct value_parser start = *p;
	start.p = begin;
	value_word_text(&start, text);
	if (*begin == '"')
		return value_fail(
			p, ": %s is too long (at most %" PRIu64 " characters)", text, size);
	value_fail(p, ": '%s' is too long (at most %" PRIu64 " characters)", text,
		size ? size - 1 : 0);
	return err_hint(p->e,
		"in double quotes, text may fill all %" PRIu64 " bytes and have no NUL", size);
}

/* Text ends with a NUL, unless it is quoted and fills its array. fill: all bytes after it are
 * NUL as well, else these are open. */
static bool put_text(
	struct value_parser *p, const struct typed_shape *s, struct typed_field f, bool fill)
{
	const char *begin = p->p;
	bool quoted = *p->p == '"';
	/* On its own, text has the blanks that it ends with. */
	const char *end = p->p + (*p->stop ? value_word(p) : strlen(p->p));
	uint64_t room = s->size - (s->size && !quoted), used = 0;
	struct typed_field at = {.bit_off = f.bit_off};
	if (p->pass == PASS_DEFAULTS && s->size)
		memset(p->at->to + f.bit_off / 8, 0, (size_t)s->size);
	for (p->p += quoted; quoted ? *p->p != '"' : p->p < end;
		at.bit_off = f.bit_off + used * 8) {
		char c[4];
		size_t n;
		if (!*p->p) {
			value_fail(p, ": unterminated string");
			return err_hint(p->e, "close it with \"; in a shell, put single quotes "
					      "around the whole argument");
		}
		if (!value_character(p, c, &n))
			return false;
		if (n > room - used)
			return too_long(p, begin, s->size);
		if (!value_store(p, at, c, n))
			return false;
		used += n;
	}
	p->p += quoted;
	for (uint64_t to = fill || used == s->size ? s->size : used + 1; used < to; used++) {
		at.bit_off = f.bit_off + used * 8;
		if (!value_store(p, at, "", 1))
			return false;
	}
	return true;
}

bool value_put_text(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	return put_text(p, s, f, false);
}

bool value_repeat(struct value_parser *p, uint64_t *count)
{
	struct value_number v;
	bool large;
	*count = 1;
	value_skip_blanks(p);
	if (*p->p != '(' || p->p[1] != 'x')
		return true;
	size_t n = strspn(p->p + 2, "0123456789");
	if (!value_number(p->p + 2, n, &v, &large) || large || v.high || !v.low ||
		p->p[2 + n] != ')')
		return value_fail(p, ": a repetition is written (xNUMBER), after the element");
	p->p += 3 + n;
	value_skip_blanks(p);
	*count = v.low;
	return true;
}

static bool wrong_bytes(const struct value_parser *p, uint64_t n)
{
	value_fail(p, " expects %" PRIu64 " bytes", n);
	return err_hint(p->e, "write [02 42 ac] (hexadecimal)%s%s",
		n == 4    ? ", an IPv4 address"
		: n == 6  ? ", 02:42:ac:11:00:02"
		: n == 16 ? ", an IPv6 address"
			  : "",
		n > 1 ? ", or text" : "");
}

/* Pairs of digits, separated by sep (0: by any number of blanks), with repetitions; or fails. */
static bool put_hex(struct value_parser *p, struct typed_field f, uint64_t n, char sep, char close)
{
	uint64_t i = 0, count;
	while (*p->p && *p->p != close) {
		long v = hex_number(p->p, 2);
		if (v < 0 || i == n)
			return wrong_bytes(p, n);
		uint8_t byte = (uint8_t)v;
		p->p += 2;
		if (!sep && !value_repeat(p, &count))
			return false;
		for (count = sep ? 1 : count; count; count--, i++) {
			struct typed_field at = {.bit_off = f.bit_off + i * 8};
			if (i == n)
				return wrong_bytes(p, n);
			if (!value_store(p, at, &byte, 1))
				return false;
		}
		if (sep && i < n) {
			if (*p->p != sep)
				return wrong_bytes(p, n);
			p->p++;
		} else if (sep) {
			return true;
		}
	}
	return i == n ? true : wrong_bytes(p, n);
}

/* Arrays of bytes: [02 42 ac], 02:42:ac, an address of the same size, or text. */
bool value_put_bytes(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	char text[VALUE_WORD];
	uint8_t ip[16];
	uint64_t n = s->size;
	if (*p->p == '[') {
		p->p++;
		if (!put_hex(p, f, n, 0, ']'))
			return false;
		p->p += *p->p == ']';
		return p->p[-1] == ']' || wrong_bytes(p, n);
	}
	if (*p->p == '"')
		return put_text(p, s, f, true);
	value_word_text(p, text);
	if ((n == 4 && value_ip4(text, ip)) || (n == 16 && value_ip6(text, ip))) {
		p->p += value_word(p);
		return value_store(p, f, ip, (size_t)n);
	}
	if (n > 1 && value_word(p) == n * 3 - 1 && p->p[2] == ':')
		return put_hex(p, f, n, ':', 0);
	if (n <= 16 && value_word(p) >= n)
		return wrong_bytes(p, n);
	return put_text(p, s, f, true);
}

/* Without a type: a number if the size is 1, 2, 4 or 8, else bytes in hexadecimal, which
 * |characters| may follow. */
bool value_put_untyped(struct value_parser *p)
{
	size_t n = value_word(p), size = p->at->room;
	const char *bar = memchr(p->p, '|', n);
	bool sized = size == 1 || size == 2 || size == 4 || size == 8;
	struct value_number v;
	bool large;
	if (sized && !bar && !memchr(p->p, ' ', n)) {
		uint64_t high = UINT64_MAX >> (64 - size * 8);
		bool number = value_number(p->p, n, &v, &large);
		if (!number || large || v.high || v.low > (v.negative ? high / 2 + 1 : high)) {
			char text[VALUE_WORD];
			value_word_text(p, text);
			return value_fail(p, ": '%s' is not a number of %zu bytes", text, size);
		}
		uint8_t bytes[8];
		bytes_put(bytes, (unsigned)size, p->at->big, v.negative ? 0 - v.low : v.low);
		p->p += n;
		return value_store(p, (struct typed_field){0}, bytes, size);
	}
	for (size_t i = 0; i < size; i++) {
		long byte = hex_number(p->p, 2);
		uint8_t c = (uint8_t)byte;
		if (byte < 0)
			break;
		p->p += 2;
		value_skip_blanks(p);
		if (!value_store(p, (struct typed_field){.bit_off = i * 8}, &c, 1))
			return false;
		if (i + 1 == size && (!*p->p || *p->p == '|')) {
			p->p += strlen(p->p);
			return true;
		}
	}
	return value_fail(p, " has no type: write its %zu bytes in hexadecimal", size);
}

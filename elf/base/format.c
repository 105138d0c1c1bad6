/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "format.h"

#include "texts.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { INT_BITS = 8 * sizeof(int) };

/* Where the pieces go. */
struct output {
	format_put put;
	void *ctx;
};

/* A list of arguments that functions can share: va_list is an array on some machines. */
struct arguments {
	va_list list;
};

/* A conversion, between '%' and its letter. */
struct conversion {
	bool left, zero, plus, alternate;
	unsigned bits; /* of an integer */
	size_t width;
	size_t precision; /* of a string */
};

static void put_many(struct output *o, char c, size_t n)
{
	char many[16];
	memset(many, c, sizeof many);
	for (; n > sizeof many; n -= sizeof many)
		o->put(o->ctx, many, sizeof many);
	o->put(o->ctx, many, n);
}

/* A number of the format, or the next argument, the absolute value of which is returned. */
static size_t read_size(const char **fmt, struct arguments *args, bool *negative)
{
	size_t n = 0;
	*negative = false;
	if (**fmt == '*') {
		int given = va_arg(args->list, int);
		++*fmt;
		*negative = given < 0;
		return *negative ? 0 - (size_t)given : (size_t)given;
	}
	for (; **fmt >= '0' && **fmt <= '9'; ++*fmt)
		n = n * 10 + (size_t)(**fmt - '0');
	return n;
}

/* "l", "hh" and so on: the size of the type that the argument had before it was promoted. */
static unsigned read_length(const char **fmt)
{
	unsigned halved = 0, longs = 0;
	for (;; ++*fmt)
		switch (**fmt) {
		case 'h':
			halved++;
			break;
		case 'l':
			longs++;
			break;
		case 'z':
		case 't':
			longs = 1;
			break;
		case 'j':
			longs = 2;
			break;
		default:
			return longs > 1 ? 64
			       : longs   ? 8 * sizeof(long)
			                 : 8 * sizeof(int) >> halved;
		}
}

static struct conversion read_conversion(const char **fmt, struct arguments *args)
{
	struct conversion c = {.precision = SIZE_MAX};
	bool negative;
	for (;; ++*fmt)
		if (**fmt == '-')
			c.left = true;
		else if (**fmt == '0')
			c.zero = true;
		else if (**fmt == '+')
			c.plus = true;
		else if (**fmt == '#')
			c.alternate = true;
		else
			break;
	c.width = read_size(fmt, args, &negative);
	c.left |= negative;
	if (**fmt == '.') {
		++*fmt;
		c.precision = read_size(fmt, args, &negative);
		if (negative)
			c.precision = SIZE_MAX;
	}
	c.bits = read_length(fmt);
	return c;
}

/* prefix: a sign or "0x", to the left of zeros. */
static void put_padded(struct output *o, const struct conversion *c, const char *prefix,
	const char *text, size_t n)
{
	size_t before = strlen(prefix), rest = c->width > before + n ? c->width - before - n : 0;
	if (!c->left && !c->zero)
		put_many(o, ' ', rest);
	o->put(o->ctx, prefix, before);
	if (!c->left && c->zero)
		put_many(o, '0', rest);
	o->put(o->ctx, text, n);
	if (c->left)
		put_many(o, ' ', rest);
}

static void put_integer(struct output *o, struct conversion *c, bool is_signed, unsigned base,
	struct arguments *args)
{
	uint64_t v =
		c->bits > INT_BITS ? va_arg(args->list, uint64_t) : va_arg(args->list, unsigned);
	char text[24], *end = text + sizeof text, *p = end;
	const char *prefix = c->alternate && v ? "0x" : "";
	v <<= 64 - c->bits;
	if (is_signed) {
		bool minus = v >> 63;
		v = (minus ? 0 - v : v) >> (64 - c->bits);
		prefix = minus ? "-" : c->plus ? "+" : "";
	} else {
		v >>= 64 - c->bits;
	}
	do
		*--p = "0123456789abcdef"[v % base];
	while (v /= base);
	put_padded(o, c, prefix, p, (size_t)(end - p));
}

static void put_string(struct output *o, struct conversion *c, const char *s)
{
	c->zero = false;
	s = s ? text_ready(s) : "(null)";
	put_padded(o, c, "", s, strnlen(s, c->precision));
}

static void put_conversion(
	struct output *o, struct conversion *c, char letter, struct arguments *args)
{
	char one = letter;
	switch (letter) {
	case 'd':
	case 'i':
		put_integer(o, c, true, 10, args);
		break;
	case 'u':
		put_integer(o, c, false, 10, args);
		break;
	case 'x':
		put_integer(o, c, false, 16, args);
		break;
	case 'p':
		c->alternate = true;
		c->bits = 8 * sizeof(void *);
		put_integer(o, c, false, 16, args);
		break;
	case 's':
		put_string(o, c, va_arg(args->list, const char *));
		break;
	case 'c':
		one = (char)va_arg(args->list, int);
		/* fallthrough */
	default: /* "%%" */
		c->zero = false;
		put_padded(o, c, "", &one, 1);
	}
}

void format_pieces(format_put put, void *ctx, const char *fmt, va_list ap)
{
	struct output o = {put, ctx};
	struct arguments args;
	va_copy(args.list, ap);
	fmt = text_ready(fmt);
	while (*fmt) {
		size_t n = strcspn(fmt, "%");
		put(ctx, fmt, n);
		fmt += n;
		if (!*fmt)
			break;
		fmt++;
		struct conversion c = read_conversion(&fmt, &args);
		if (!*fmt)
			break;
		put_conversion(&o, &c, *fmt++, &args);
	}
	va_end(args.list);
}

/* ---- into a buffer ---- */

struct buffer {
	char *text;
	size_t size, n;
};

static void put_text(void *ctx, const char *text, size_t n)
{
	struct buffer *b = ctx;
	if (b->n < b->size)
		memcpy(b->text + b->n, text, n < b->size - b->n ? n : b->size - b->n);
	b->n += n;
}

int text_vprint(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct buffer b = {buf, size ? size - 1 : 0, 0};
	format_pieces(put_text, &b, fmt, ap);
	if (size)
		buf[b.n < b.size ? b.n : b.size] = 0;
	return (int)b.n;
}

int text_print(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = text_vprint(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

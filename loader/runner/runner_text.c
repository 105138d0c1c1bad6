/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Output, and the few functions of libc that compilers call by themselves. */
#include "runner.h"

#include "loader/show/utf8.h"

#include <errno.h>

void out_flush(struct out *o)
{
	for (unsigned done = 0; done < o->n && !o->failed;) {
		long n = SYS3(SYS_write, o->fd, o->text + done, o->n - done);
		if (n > 0)
			done += (unsigned)n;
		else if (n != -EINTR && n != -EAGAIN)
			o->failed = n ? (int)-n : EIO;
	}
	o->n = 0;
}

void out_put(struct out *o, const char *text, size_t n)
{
	o->cols += (unsigned)n;
	while (n--) {
		if (o->n == OUT_ROOM)
			out_flush(o);
		o->text[o->n++] = *text++;
	}
}

void out_text(struct out *o, const char *text)
{
	out_put(o, text, strlen(text));
}

void out_number(struct out *o, uint64_t v, unsigned base, unsigned digits)
{
	char text[24];
	unsigned n = sizeof text;
	do {
		text[--n] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v || sizeof text - n < digits);
	out_put(o, text + n, sizeof text - n);
}

void out_gap(struct out *o, unsigned column)
{
	do
		out_put(o, " ", 1);
	while (o->cols < column);
}

static void out_escape(struct out *o, const char *mark, uint32_t c, unsigned digits)
{
	out_text(o, mark);
	out_number(o, c, 16, digits);
}

void out_clean(struct out *o, const char *text, size_t n, int quoted)
{
	static const char names[] = "\nn\tt\rr\\\\"; /* pairs: character, letter */
	for (size_t i = 0; i < n;) {
		uint32_t c = 0x80;
		unsigned len = utf8_char((const uint8_t *)text + i, n - i, &c);
		const char *name = names;
		while (*name && (len != 1 || c != (uint8_t)*name))
			name += 2;
		if (*name || (quoted && len && c == '"')) {
			out_put(o, "\\", 1);
			out_put(o, *name ? name + 1 : "\"", 1);
		} else if (!len || (utf8_is_control(c) && c < 0x80)) {
			out_escape(o, "\\x", (uint8_t)text[i], 2);
		} else if (utf8_is_control(c)) {
			out_escape(o, "\\u", c, 4);
		} else {
			out_put(o, text + i, len);
			o->cols -= len - 1;
		}
		i += len ? len : 1;
	}
}

/* ---- libc ---- */

/* Compilers call these two only after the linker has looked for what is used. */
__attribute__((used)) void *memcpy(void *to, const void *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
	return to;
}

__attribute__((used)) void *memset(void *p, int c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)p)[i] = (uint8_t)c;
	return p;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;
	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *p, int c, size_t n)
{
	for (const uint8_t *x = p; n; n--, x++)
		if (*x == (uint8_t)c)
			return (void *)(uintptr_t)x;
	return NULL;
}

size_t strlen(const char *s)
{
	size_t n = 0;
	while (s[n])
		n++;
	return n;
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)(uintptr_t)s;
}

int strcmp(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return (uint8_t)*a - (uint8_t)*b;
}

/* Divisions by 0 of libgcc, which there are none of. */
int raise(int signal);
__attribute__((used)) int raise(int signal)
{
	return signal;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arrays, copies and strings: all that needs arena_alloc() alone, whoever provides it. */
#include "arena.h"

#include "format.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

void *arena_array(struct arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size) {
		a->full = true;
		return NULL;
	}
	return arena_alloc(a, n * size);
}

void *arena_copy(struct arena *a, const void *bytes, size_t size)
{
	void *p = arena_alloc(a, size);
	if (p && size)
		memcpy(p, bytes, size);
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	n = strnlen(s, n);
	char *p = arena_alloc(a, n + 1);
	if (p)
		memcpy(p, s, n);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	char text[256]; /* enough for most: printing twice to know the length is slow */
	va_list ap;
	va_start(ap, fmt);
	int n = text_vprint(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n < sizeof text)
		return n < 0 ? NULL : arena_copy(a, text, (size_t)n + 1);
	char *p = arena_alloc(a, (size_t)n + 1);
	if (p) {
		va_start(ap, fmt);
		text_vprint(p, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	return p;
}

const char *arena_name(struct arena *a, struct arena_names *names, const char *s)
{
	enum { BLOCK = 64 << 10 };
	size_t n = strlen(s) + 1;
	if (n > names->left) {
		names->text = arena_alloc(a, BLOCK);
		names->left = names->text ? BLOCK : 0;
	}
	if (n > names->left)
		return NULL;
	char *copy = memcpy(names->text, s, n);
	names->text += n;
	names->left -= n;
	return copy;
}

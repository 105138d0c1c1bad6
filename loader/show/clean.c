/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "clean.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

enum { HELD_MAX = 8 };

/* Holds the start of a sequence that may become a colour, or a control character that UTF-8 encodes
 * as C2 80 to C2 9F. */
struct clean {
	FILE *out;
	bool color;
	char held[HELD_MAX];
	size_t n;
};

static bool is_control(unsigned char c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
}

/* The second byte of a control character, after C2. */
static bool is_c1(char c)
{
	return ((unsigned char)c & 0xe0) == 0x80;
}

static void put_text(struct clean *c, char byte)
{
	fputc(is_control((unsigned char)byte) ? '?' : byte, c->out);
}

static void release(struct clean *c)
{
	for (size_t i = 0; i < c->n; i++)
		put_text(c, c->held[i]);
	c->n = 0;
}

/* Does the byte continue the sequence? */
static bool continues(const struct clean *c, char byte)
{
	if (!c->n || c->n == HELD_MAX)
		return false;
	if (c->held[0] == '\xc2')
		return is_c1(byte);
	if (c->n == 1)
		return byte == '[';
	return (byte >= '0' && byte <= '9') || byte == ';' || byte == 'm';
}

static void put(struct clean *c, char byte)
{
	if (!continues(c, byte))
		release(c);
	else if (c->held[0] == '\xc2') {
		c->n = 0;
		fputc('?', c->out);
		return;
	}
	if (!c->n && byte != '\xc2' && !(byte == 033 && c->color)) {
		put_text(c, byte);
		return;
	}
	c->held[c->n++] = byte;
	if (byte == 'm') {
		fwrite(c->held, 1, c->n, c->out);
		c->n = 0;
	}
}

static ssize_t write_clean(void *cookie, const char *text, size_t n)
{
	struct clean *c = cookie;
	for (size_t i = 0; i < n; i++)
		put(c, text[i]);
	return (ssize_t)n;
}

static int close_clean(void *cookie)
{
	release(cookie);
	free(cookie);
	return 0;
}

FILE *clean_open(FILE *out, bool color)
{
	const cookie_io_functions_t functions = {.write = write_clean, .close = close_clean};
	struct clean *c = calloc(1, sizeof *c);
	FILE *clean = c ? fopencookie(c, "w", functions) : NULL;
	if (!clean) {
		free(c);
		return out;
	}
	c->out = out;
	c->color = color;
	return clean;
}

void clean_close(FILE *clean, FILE *out)
{
	if (clean != out)
		fclose(clean);
}

void clean_text(char *s)
{
	for (; *s; s++) {
		if (is_control((unsigned char)*s))
			*s = '?';
		else if (*s == '\xc2' && is_c1(s[1]))
			s[0] = s[1] = '?';
	}
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "clean.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

enum { HELD_MAX = 8, READY_MAX = 512 };

/* Holds the start of a character or colour, which may arrive in parts, and what is ready to be written:
 * stderr has no buffer of its own, and each write to it is a system call. */
struct clean {
	FILE *out;
	bool color;
	uint8_t held[HELD_MAX];
	size_t n;
	uint8_t ready[READY_MAX];
	size_t n_ready;
};

static void flush(struct clean *c)
{
	fwrite(c->ready, 1, c->n_ready, c->out);
	c->n_ready = 0;
}

static void emit(struct clean *c, const void *text, size_t n)
{
	if (n > READY_MAX - c->n_ready)
		flush(c);
	memcpy(c->ready + c->n_ready, text, n);
	c->n_ready += n;
}

/* Whether the character at p may be written as it is; its length in *len, 1 if it is invalid. */
static bool is_harmless(const uint8_t *p, size_t n, unsigned *len)
{
	uint32_t c;
	unsigned valid = utf8_char(p, n, &c);
	*len = valid ? valid : 1;
	return valid && (!utf8_is_control(c) || c == '\n' || c == '\t');
}

static void release(struct clean *c)
{
	unsigned len;
	for (size_t i = 0; i < c->n; i += len)
		if (is_harmless(c->held + i, c->n - i, &len))
			emit(c, c->held + i, len);
		else
			emit(c, "?", 1);
	c->n = 0;
}

/* Does the byte continue what is held? */
static bool continues(const struct clean *c, uint8_t byte)
{
	if (c->held[0] != 033)
		return (byte & 0xc0) == 0x80;
	if (c->n == 1)
		return byte == '[';
	return c->n < HELD_MAX && ((byte >= '0' && byte <= '9') || byte == ';' || byte == 'm');
}

static bool is_whole(const struct clean *c)
{
	uint8_t first = c->held[0];
	if (first == 033 && c->color)
		return false;
	return c->n >= (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);
}

static void put(struct clean *c, uint8_t byte)
{
	if (c->n && !continues(c, byte))
		release(c);
	c->held[c->n++] = byte;
	if (c->held[0] == 033 && byte == 'm') {
		emit(c, c->held, c->n);
		c->n = 0;
	} else if (is_whole(c)) {
		release(c);
	}
}

static ssize_t write_clean(void *cookie, const char *text, size_t n)
{
	struct clean *c = cookie;
	for (size_t i = 0; i < n; i++)
		put(c, (uint8_t)text[i]);
	if (n && text[n - 1] == '\n') /* a line often arrives in parts */
		flush(c);
	return (ssize_t)n;
}

static int close_clean(void *cookie)
{
	release(cookie);
	flush(cookie);
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
		return NULL;
	}
	c->out = out;
	c->color = color;
	return clean;
}

void clean_close(FILE *clean, FILE *out)
{
	if (clean && clean != out)
		fclose(clean);
}

void clean_text(char *s)
{
	char *to = s;
	unsigned len;
	for (size_t n = strlen(s); n; s += len, n -= len)
		if (is_harmless((const uint8_t *)s, n, &len)) {
			memmove(to, s, len);
			to += len;
		} else {
			*to++ = '?';
		}
	*to = 0;
}

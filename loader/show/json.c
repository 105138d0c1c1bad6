/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "json.h"

#include <inttypes.h>
#include <string.h>

unsigned utf8_char(const uint8_t *p, size_t n, uint32_t *c)
{
	/* By first byte: mask and value, length, the lowest code point of that length. */
	static const struct {
		uint8_t mask, lead, len;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800},
		{0xf8, 0xf0, 4, 0x10000}};
	for (unsigned i = 0; n && i < sizeof forms / sizeof *forms; i++) {
		if ((p[0] & forms[i].mask) != forms[i].lead)
			continue;
		if (n < forms[i].len)
			return 0;
		uint32_t v = p[0] & ~forms[i].mask & 0xffu;
		for (unsigned k = 1; k < forms[i].len; k++) {
			if ((p[k] & 0xc0) != 0x80)
				return 0;
			v = v << 6 | (p[k] & 0x3fu);
		}
		if (v < forms[i].least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
			return 0;
		*c = v;
		return forms[i].len;
	}
	return 0;
}

static void flush(struct json *j)
{
	if (j->n)
		fwrite(j->buffer, 1, j->n, j->out);
	j->n = 0;
}

static void put(struct json *j, const void *p, size_t n)
{
	if (n > sizeof j->buffer - j->n)
		flush(j);
	if (n > sizeof j->buffer) {
		fwrite(p, 1, n, j->out);
		return;
	}
	memcpy(j->buffer + j->n, p, n);
	j->n += (unsigned)n;
}

static void put_char(struct json *j, char c)
{
	put(j, &c, 1);
}

/* After a value. */
static void done(struct json *j)
{
	if (!j->depth)
		flush(j);
}

struct json json_start(FILE *out)
{
	return (struct json){.out = out};
}

/* Before a value or key: writes a comma unless it is the first, or the value of a key. False if
 * nothing is written at this depth. */
static bool begin(struct json *j)
{
	if (j->hidden)
		return false;
	if (j->keyed) {
		j->keyed = false;
		return true;
	}
	if (!j->depth)
		return true;
	uint64_t bit = UINT64_C(1) << (j->depth - 1);
	if (j->filled & bit)
		put_char(j, ',');
	j->filled |= bit;
	return true;
}

void json_open(struct json *j, char what)
{
	if (j->hidden || j->depth == JSON_DEPTH) {
		json_null(j);
		j->hidden++;
		return;
	}
	begin(j);
	put_char(j, what);
	uint64_t bit = UINT64_C(1) << j->depth++;
	j->filled &= ~bit;
	j->arrays = what == '[' ? j->arrays | bit : j->arrays & ~bit;
}

void json_close(struct json *j)
{
	if (j->hidden) {
		j->hidden--;
		return;
	}
	if (!j->depth)
		return;
	if (j->keyed)
		json_null(j);
	put_char(j, j->arrays >> --j->depth & 1 ? ']' : '}');
	done(j);
}

/* How many characters from the start stand for themselves. */
static size_t plain_run(const uint8_t *p, size_t n)
{
	size_t i = 0;
	while (i < n && p[i] >= 0x20 && p[i] < 0x7f && p[i] != '"' && p[i] != '\\')
		i++;
	return i;
}

static void put_string(struct json *j, const uint8_t *p, size_t n)
{
	static const char names[] =
		"\"\"\\\\\nn\tt\rr\bb\ff"; /* pairs: character, its short form */
	put_char(j, '"');
	for (size_t i = 0; i < n;) {
		char escape[8];
		size_t run = plain_run(p + i, n - i);
		put(j, p + i, run);
		i += run;
		if (i == n)
			break;
		uint32_t c = p[i];
		unsigned len = utf8_char(p + i, n - i, &c);
		const char *name = names;
		while (*name && (uint8_t)*name != c)
			name += 2;
		if (c && *name)
			put(j, (char[]){'\\', name[1]}, 2);
		else if (!len || c < 0x20 || c == 0x7f)
			put(j, escape,
				(size_t)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c));
		else
			put(j, p + i, len);
		i += len ? len : 1;
	}
	put_char(j, '"');
}

void json_bytes(struct json *j, const void *p, size_t n)
{
	if (!begin(j))
		return;
	put_string(j, p, n);
	done(j);
}

void json_str(struct json *j, const char *s)
{
	json_bytes(j, s, strlen(s));
}

void json_key(struct json *j, const char *name)
{
	if (!begin(j))
		return;
	put_string(j, (const uint8_t *)name, strlen(name));
	put_char(j, ':');
	j->keyed = true;
}

void json_raw(struct json *j, const char *number)
{
	if (!begin(j))
		return;
	put(j, number, strlen(number));
	done(j);
}

void json_int(struct json *j, int64_t v)
{
	char text[24];
	snprintf(text, sizeof text, "%" PRId64, v);
	json_raw(j, text);
}

void json_uint(struct json *j, uint64_t v)
{
	char text[24];
	snprintf(text, sizeof text, "%" PRIu64, v);
	json_raw(j, text);
}

void json_bool(struct json *j, bool v)
{
	json_raw(j, v ? "true" : "false");
}

void json_null(struct json *j)
{
	json_raw(j, "null");
}

void json_member_str(struct json *j, const char *name, const char *s)
{
	json_key(j, name);
	json_str(j, s);
}

void json_member_uint(struct json *j, const char *name, uint64_t v)
{
	json_key(j, name);
	json_uint(j, v);
}

void json_line(struct json *j)
{
	j->hidden = 0;
	while (j->depth)
		json_close(j);
	put_char(j, '\n');
	flush(j);
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "json.h"

#include "utf8.h"

#include <inttypes.h>
#include <string.h>

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

enum { REPLACEMENT = 0xfffd };

static void put_string(struct json *j, const uint8_t *p, size_t n)
{
	static const char names[] =
		"\"\"\\\\\nn\tt\rr\bb\ff"; /* pairs: character, its short form */
	put_char(j, '"');
	for (size_t i = 0; i < n;) {
		char escape[12];
		size_t run = plain_run(p + i, n - i);
		put(j, p + i, run);
		i += run;
		if (i == n)
			break;
		uint32_t c = REPLACEMENT;
		unsigned len = utf8_char(p + i, n - i, &c);
		const char *name = names;
		while (*name && (uint8_t)*name != c)
			name += 2;
		if (c == REPLACEMENT) {
			/* Also those in the text, or two texts could give the same string. */
			len = 1;
			put(j, escape,
				(size_t)snprintf(escape, sizeof escape, "\\ufffd%02x", p[i]));
		} else if (c && *name) {
			put(j, (char[]){'\\', name[1]}, 2);
		} else if (utf8_is_control(c)) {
			put(j, escape,
				(size_t)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c));
		} else {
			put(j, p + i, len);
		}
		i += len;
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

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "json.h"

#include "utf8.h"

#include "elf/base/format.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void json_flush(struct json *j)
{
	if (j->n)
		fwrite(j->buffer, 1, j->n, j->out);
	j->n = 0;
}

static void put(struct json *j, const void *p, size_t n)
{
	if (n > sizeof j->buffer - j->n)
		json_flush(j);
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
	if (j->depth)
		return;
	json_flush(j);
	free(j->more_keys);
	j->more_keys = NULL;
	j->n_keys = j->repeats = 0;
}

/* ---- keys ---- */

static uint64_t *keys_of(struct json *j)
{
	return j->more_keys ? j->more_keys : j->keys;
}

static void push_key(struct json *j, uint64_t key)
{
	if (j->n_keys == (j->more_keys ? j->key_room : JSON_KEYS)) {
		unsigned room = j->n_keys * 2;
		uint64_t *more = realloc(j->more_keys, room * sizeof *more);
		if (!more) {
			j->n_keys = 0; /* out of memory: keys may repeat */
			return;
		}
		if (!j->more_keys)
			memcpy(more, j->keys, sizeof j->keys);
		j->more_keys = more;
		j->key_room = room;
	}
	keys_of(j)[j->n_keys++] = key;
}

static void pop_keys(struct json *j)
{
	const uint64_t *keys = keys_of(j);
	while (j->n_keys && keys[--j->n_keys])
		;
}

static bool has_key(struct json *j, uint64_t key)
{
	const uint64_t *keys = keys_of(j);
	for (unsigned i = j->n_keys; i && keys[i - 1]; i--)
		if (keys[i - 1] == key)
			return true;
	return false;
}

/* FNV-1a, continued from h. Never 0, which marks the start of an object. */
static uint64_t hash_from(uint64_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * UINT64_C(0x100000001b3);
	return h ? h : 1;
}

/* Makes a key unique in its object: what to append to it. The number of attempts is bounded for
 * types whose members all have one name. */
static void make_unique(struct json *j, const char *name, char suffix[static 16])
{
	enum { SMALL = 16 };
	uint64_t own = hash_from(UINT64_C(0xcbf29ce484222325), name), key = own;
	suffix[0] = 0;
	for (unsigned n = 2; has_key(j, key); n++) {
		bool small = n < SMALL && !j->repeats;
		text_print(suffix, 16, "#%u", small ? n : SMALL + j->repeats++);
		key = hash_from(own, suffix);
	}
	push_key(j, key);
}

/* ---- structure ---- */

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
	if (what == '{')
		push_key(j, 0);
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
	bool array = j->arrays >> --j->depth & 1;
	put_char(j, array ? ']' : '}');
	if (!array)
		pop_keys(j);
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

static void put_text(struct json *j, const uint8_t *p, size_t n)
{
	static const char names[] =
		"\"\"\\\\\nn\tt\rr\bb\ff"; /* pairs: character, its short form */
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
				(size_t)text_print(escape, sizeof escape, "\\ufffd%02x", p[i]));
		} else if (c && *name) {
			put(j, (char[]){'\\', name[1]}, 2);
		} else if (utf8_is_control(c)) {
			put(j, escape,
				(size_t)text_print(escape, sizeof escape, "\\u%04x", (unsigned)c));
		} else {
			put(j, p + i, len);
		}
		i += len;
	}
}

void json_bytes(struct json *j, const void *p, size_t n)
{
	if (!begin(j))
		return;
	put_char(j, '"');
	put_text(j, p, n);
	put_char(j, '"');
	done(j);
}

void json_str(struct json *j, const char *s)
{
	json_bytes(j, s, strlen(s));
}

void json_key(struct json *j, const char *name)
{
	char suffix[16];
	if (!begin(j))
		return;
	make_unique(j, name, suffix);
	put_char(j, '"');
	put_text(j, (const uint8_t *)name, strlen(name));
	put(j, suffix, strlen(suffix));
	put(j, "\":", 2);
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
	text_print(text, sizeof text, "%" PRId64, v);
	json_raw(j, text);
}

void json_uint(struct json *j, uint64_t v)
{
	char text[24];
	text_print(text, sizeof text, "%" PRIu64, v);
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
	json_flush(j);
}

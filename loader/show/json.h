/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A streaming JSON writer: text goes to a FILE with each call. Commas and colons are added by the
 * writer.
 *
 *	struct json j = json_start(out);
 *	json_open(&j, '{');
 *	json_key(&j, "map");
 *	json_str(&j, "exec_count");
 *	json_close(&j);
 *	json_line(&j);			one object per line
 *
 * The output is always valid UTF-8 without line feeds except those of json_line(): strings may
 * contain any bytes. A key that its object already has is followed by #2, or the next number that
 * makes it unique, since names of members come from objects. Integers are written as numbers with their full 64 bits. Write errors are kept
 * in the FILE (ferror()).
 */
#ifndef SONDE_JSON_H
#define SONDE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_DEPTH = 64, JSON_ROOM = 256, JSON_KEYS = 32 };

struct json {
	FILE *out;
	uint64_t arrays; /* bit d: depth d is an array */
	uint64_t filled; /* bit d: depth d has an element */
	unsigned depth;  /* open objects and arrays */
	unsigned hidden; /* open ones below JSON_DEPTH, which are replaced by null */
	bool keyed;      /* a key has been written, but no value */
	unsigned n;      /* bytes in the buffer, which is flushed when full and at depth 0 */
	char buffer[JSON_ROOM];
	uint64_t keys[JSON_KEYS]; /* hashes of those in open objects, after a 0 for each object */
	uint64_t *more_keys;      /* instead of keys; NULL: enough room there */
	unsigned n_keys, key_room;
	unsigned repeats; /* numbers used for keys that repeat often */
};

struct json json_start(FILE *out);

/* Opens an object ('{') or an array ('['); closes the innermost one. */
void json_open(struct json *j, char what);
void json_close(struct json *j);

/* Writes the key of the next value. */
void json_key(struct json *j, const char *name);

/* Write values. A byte that is not part of valid UTF-8 becomes U+FFFD and two hexadecimal digits, as
 * do the three bytes of U+FFFD itself: different bytes always give different strings. */
void json_str(struct json *j, const char *s);
void json_bytes(struct json *j, const void *p, size_t n);
void json_int(struct json *j, int64_t v);
void json_uint(struct json *j, uint64_t v);
void json_bool(struct json *j, bool v);
void json_null(struct json *j);
void json_raw(struct json *j, const char *number); /* a number formatted by the caller */

/* A key with its value. */
void json_member_str(struct json *j, const char *name, const char *s);
void json_member_uint(struct json *j, const char *name, uint64_t v);

/* Writes what is in the buffer to the FILE, in the middle of a line. */
void json_flush(struct json *j);

/* Closes everything that is open and ends the line. The writer can be used again. */
void json_line(struct json *j);

#endif

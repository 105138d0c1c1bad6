/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A JSON writer that sends text to a FILE as it is told. Commas and colons are its business.
 *
 *	struct json j = json_start(out);
 *	json_open(&j, '{');
 *	json_key(&j, "map");
 *	json_str(&j, "exec_count");
 *	json_close(&j);
 *	json_line(&j);			one object a line
 *
 * The text is always valid UTF-8 and has no line feed but that of json_line(): a string may hold
 * any bytes. Integers are written as numbers over their full 64 bits. Write errors stay in the FILE
 * (ferror()).
 */
#ifndef SONDE_JSON_H
#define SONDE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_DEPTH = 64, JSON_ROOM = 256 };

struct json {
	FILE *out;
	uint64_t arrays; /* bit d: what is open at depth d is an array */
	uint64_t filled; /* bit d: it already has an element */
	unsigned depth;  /* open objects and arrays */
	unsigned hidden; /* open ones below JSON_DEPTH: not written, null in their place */
	bool keyed;      /* a key waits for its value */
	unsigned n; /* bytes in the buffer: it goes to the file when it is full, and whenever all
	             * that was opened is closed */
	char buffer[JSON_ROOM];
};

struct json json_start(FILE *out);

/* Opens an object '{' or an array '['; closes the innermost one. */
void json_open(struct json *j, char what);
void json_close(struct json *j);

/* The name of the next value of an object. */
void json_key(struct json *j, const char *name);

/* Values. Bytes that are no valid UTF-8 are written as the characters U+0080 to U+00FF. */
void json_str(struct json *j, const char *s);
void json_bytes(struct json *j, const void *p, size_t n);
void json_int(struct json *j, int64_t v);
void json_uint(struct json *j, uint64_t v);
void json_bool(struct json *j, bool v);
void json_null(struct json *j);
void json_raw(struct json *j, const char *number); /* a number that the caller has spelled */

/* Closes what is open and ends the line; the writer is ready for the next one. */
void json_line(struct json *j);

/*
 * The character that starts at p, of which n bytes may be read: its length of 1 to 4 bytes, with
 * its code point in *c; 0 when these bytes are no UTF-8 (surrogates and overlong forms are none).
 */
unsigned utf8_char(const uint8_t *p, size_t n, uint32_t *c);

#endif

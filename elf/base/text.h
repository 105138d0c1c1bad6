/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Text that grows in a buffer of fixed size and is cut at its end. */
#ifndef SONDE_TEXT_H
#define SONDE_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Appends to the string in buf, which holds size bytes including the NUL. */
__attribute__((format(printf, 3, 4))) void text_add(char *buf, size_t size, const char *fmt, ...);
__attribute__((format(printf, 3, 0))) void text_vadd(
	char *buf, size_t size, const char *fmt, va_list ap);

/* Appends an item to the list in buf: "a", "a, b", "a, b, c". An empty string is an empty list. */
__attribute__((format(printf, 3, 4))) void text_list(char *buf, size_t size, const char *fmt, ...);

/* FNV-1a, one character at a time, beginning with TEXT_HASH. */
#define TEXT_HASH 2166136261u

static inline uint32_t text_hash(uint32_t hash, char c)
{
	return (hash ^ (uint8_t)c) * 16777619u;
}

/* The hash of a whole string. */
static inline uint32_t text_hash_of(const char *s)
{
	uint32_t hash = TEXT_HASH;
	while (*s)
		hash = text_hash(hash, *s++);
	return hash ^ hash >> 15;
}

#endif

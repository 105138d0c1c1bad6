/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A span is a view of untrusted bytes: pointer, length, byte order.
 *
 * Rule: every byte of an object file, a BTF blob or a saved plan is read through these accessors.
 * They check bounds by subtraction (no offset can wrap), require no alignment and convert from the
 * byte order of the span. A read outside the span returns 0 or an empty span. A parser calls
 * span_has() where the difference matters and needs no check where 0 is as good as any other wrong
 * value.
 */
#ifndef SONDE_SPAN_H
#define SONDE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *p; /* borrowed; NULL only if n is 0 */
	size_t n;         /* bytes */
	bool big;         /* big-endian content */
};

/* Whether [off, off + len) is inside the span. */
static inline bool span_has(struct span s, uint64_t off, uint64_t len)
{
	return off <= s.n && len <= s.n - off;
}

/* The part [off, off + len), or an empty span if it is not entirely inside. */
static inline struct span span_sub(struct span s, uint64_t off, uint64_t len)
{
	if (!s.p || !span_has(s, off, len)) /* NULL + 0 is undefined in C */
		return (struct span){NULL, 0, s.big};
	return (struct span){s.p + off, (size_t)len, s.big};
}

/* Everything from off to the end, or an empty span. */
static inline struct span span_from(struct span s, uint64_t off)
{
	return off <= s.n ? span_sub(s, off, s.n - off) : span_sub(s, 0, 0);
}

/* The byte order of the host. */
static inline bool host_is_big(void)
{
	const uint16_t one = 1;
	return *(const uint8_t *)&one == 0;
}

/* The word at p, byte-swapped if it is not in host order. Compilers turn this into a load (and a
 * swap); the general bytes_get() takes four times as many instructions to open vmlinux BTF. */
static inline uint32_t bytes_get32(const uint8_t *p, bool big)
{
	uint32_t v;
	memcpy(&v, p, sizeof v);
	return big == host_is_big() ? v : v >> 24 | (v >> 8 & 0xff00) | (v & 0xff00) << 8 | v << 24;
}

static inline uint64_t bytes_get(const uint8_t *p, unsigned size, bool big)
{
	if (size == 4)
		return bytes_get32(p, big);
	if (size == 2)
		return big ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
	uint64_t v = 0;
	for (unsigned i = 0; i < size; i++)
		v |= (uint64_t)p[i] << 8 * (big ? size - 1 - i : i);
	return v;
}

static inline void bytes_put(uint8_t *p, unsigned size, bool big, uint64_t v)
{
	uint32_t word = (uint32_t)v;
	if (size == 4) {
		uint8_t bytes[4];
		memcpy(bytes, &word, sizeof bytes);
		word = bytes_get32(bytes, big); /* swapped likewise */
		memcpy(p, &word, sizeof word);
		return;
	}
	for (unsigned i = 0; i < size; i++)
		p[i] = (uint8_t)(v >> 8 * (big ? size - 1 - i : i));
}

/* An unsigned integer of 1 to 8 bytes at off; 0 if it is not entirely inside. */
static inline uint64_t span_uint(struct span s, uint64_t off, unsigned size)
{
	return span_has(s, off, size) ? bytes_get(s.p + off, size, s.big) : 0;
}

static inline uint8_t span_u8(struct span s, uint64_t off)
{
	return (uint8_t)span_uint(s, off, 1);
}

static inline uint16_t span_u16(struct span s, uint64_t off)
{
	return (uint16_t)span_uint(s, off, 2);
}

static inline uint32_t span_u32(struct span s, uint64_t off)
{
	return (uint32_t)span_uint(s, off, 4);
}

static inline int32_t span_s32(struct span s, uint64_t off)
{
	return (int32_t)span_u32(s, off);
}

static inline uint64_t span_u64(struct span s, uint64_t off)
{
	return span_uint(s, off, 8);
}

/*
 * The NUL-terminated string at off, borrowed from the span; NULL if off is outside or the NUL is
 * missing.
 */
static inline const char *span_str(struct span s, uint64_t off)
{
	if (off >= s.n || !memchr(s.p + off, 0, s.n - (size_t)off))
		return NULL;
	return (const char *)s.p + off;
}

#endif

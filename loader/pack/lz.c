/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "lz.h"

enum { HASH_BITS = 12, TRIES = 256, FAR = UINT16_MAX, NIBBLE = 15 };

/* For each hash of LZ_MIN bytes the last position with it, and for each position the one before: 1 + index. */
struct finder {
	uint32_t *last, *before;
};

static uint32_t hash(const uint8_t *p)
{
	return bytes_get32(p, false) * 2654435761u >> (32 - HASH_BITS);
}

static void learn(struct finder *f, const uint8_t *p, size_t at)
{
	uint32_t *last = &f->last[hash(p + at)];
	f->before[at] = *last;
	*last = (uint32_t)at + 1;
}

/* The longest earlier bytes that are the same as those at `at`. */
static size_t find(const struct finder *f, const uint8_t *p, size_t at, size_t n, size_t *from)
{
	size_t best = 0;
	uint32_t candidate = f->last[hash(p + at)];
	for (int tries = TRIES; candidate && at - (candidate - 1) <= FAR && tries; tries--) {
		size_t k = candidate - 1, length = 0;
		while (at + length < n && p[k + length] == p[at + length])
			length++;
		if (length > best) {
			best = length;
			*from = k;
		}
		candidate = f->before[k];
	}
	return best < LZ_MIN ? 0 : best;
}

static void put_more(struct flat *out, size_t n)
{
	if (n < NIBBLE)
		return;
	for (n -= NIBBLE; n >= 255; n -= 255)
		flat_put(out, 1, 255);
	flat_put(out, 1, n);
}

static size_t nibble(size_t n)
{
	return n < NIBBLE ? n : NIBBLE;
}

void lz_pack(struct flat *out, const uint8_t *p, size_t n)
{
	struct finder f = {
		arena_array(out->arena, 1 << HASH_BITS, 4), arena_array(out->arena, n, 4)};
	size_t literals = 0, from = 0; /* literals: where those that are not written yet begin */
	out->failed |= !f.last || !f.before;
	for (size_t at = 0; !out->failed && at + LZ_MIN <= n;) {
		size_t length = find(&f, p, at, n, &from), next;
		learn(&f, p, at);
		/* A longer one may begin at the next byte. */
		if (!length ||
			(at + 1 + LZ_MIN <= n && find(&f, p, at + 1, n, &next) > length + 1)) {
			at++;
			continue;
		}
		flat_put(out, 1, nibble(at - literals) << 4 | nibble(length - LZ_MIN));
		put_more(out, at - literals);
		flat_bytes(out, p + literals, at - literals);
		flat_put(out, 1, (at - from) & 255);
		flat_put(out, 1, (at - from) >> 8);
		put_more(out, length - LZ_MIN);
		literals = at + length;
		while (++at < literals && at + LZ_MIN <= n)
			learn(&f, p, at);
		at = literals;
	}
	flat_put(out, 1, nibble(n - literals) << 4);
	put_more(out, n - literals);
	flat_bytes(out, p + literals, n - literals);
}

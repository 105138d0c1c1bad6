/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "gzip.h"

#include "inflate.h"

enum { HEADER = 10, TRAILER = 8 };

uint32_t gzip_crc(const uint8_t *p, size_t n)
{
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

bool gzip_is(struct span file)
{
	return span_u8(file, 0) == 0x1f && span_u8(file, 1) == 0x8b;
}

/* The offset of the compressed data: after the fixed header and the optional fields that its flags
 * announce. 0 if this is not a gzip file. */
static size_t skip_header(struct span in)
{
	enum { MULTI = 1, CRC = 2, EXTRA = 4, NAME = 8, COMMENT = 16 };
	size_t at = HEADER;
	unsigned flags = span_u8(in, 3);
	if (!span_has(in, 0, HEADER + TRAILER) || !gzip_is(in) || span_u8(in, 2) != 8)
		return 0;
	if (flags & EXTRA)
		at += 2 + (size_t)span_u16(in, at);
	for (unsigned flag = NAME; flag <= COMMENT; flag *= 2) {
		const char *text = flags & flag ? span_str(in, at) : "";
		if (!text)
			return 0;
		at += flags & flag ? strlen(text) + 1 : 0;
	}
	at += flags & CRC ? 2 : 0;
	return at + TRAILER <= in.n ? at : 0;
}

bool inflate_gzip(struct span packed, struct arena *a, struct span *out, struct err *e)
{
	packed.big = false;
	size_t at = skip_header(packed);
	if (!at)
		return err_set(e, "not a gzip file");
	uint32_t size = span_u32(packed, packed.n - 4), crc = span_u32(packed, packed.n - TRAILER);
	if (size > INFLATE_MAX) {
		err_hint(e, "unpack it with gunzip FILE");
		return err_set(e, "the gzip content of %u bytes is too large", size);
	}
	uint8_t *content = arena_alloc(a, size);
	size_t n = size;
	if (!content)
		return err_nomem(e);
	if (!inflate(span_sub(packed, at, packed.n - TRAILER - at), content, &n) || n != size ||
		gzip_crc(content, size) != crc)
		return err_set(e, "the gzip file is corrupt");
	*out = (struct span){content, size, host_is_big()};
	return true;
}

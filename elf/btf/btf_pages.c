/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Kernels before 6.16 do not let their types be mapped: 5 MB, of which an object needs a few pages. */
#include "btf_impl.h"

enum { PAGE = 4096 };

struct btf_pages {
	struct btf_source source;
	bool failed;
	uint8_t present[]; /* a bit for each page */
};

bool btf_open_pages(struct btf *b, const struct btf_source *source, struct arena *a, struct err *e)
{
	b->pages = arena_alloc(a, sizeof *b->pages + b->data.n / PAGE / 8 + 1);
	if (!b->pages)
		return err_nomem(e);
	b->pages->source = *source;
	return true;
}

bool btf_read_pages(const struct btf *b, const uint8_t *p, uint8_t *to, size_t n)
{
	struct btf_pages *pages = b->pages;
	if (!pages->source.read(pages->source.ctx, (size_t)(p - b->data.p), to, n))
		pages->failed = true;
	return !pages->failed;
}

void btf_load_pages(const struct btf *b, const uint8_t *p, size_t n)
{
	size_t off = (size_t)(p - b->data.p);
	for (size_t at = off / PAGE * PAGE; at < off + n && at < b->data.n; at += PAGE) {
		uint8_t *bits = &b->pages->present[at / PAGE / 8],
			bit = (uint8_t)(1u << at / PAGE % 8);
		size_t left = b->data.n - at;
		if (*bits & bit)
			continue;
		*bits |= bit;
		/* the room is the caller's, const only as a span */
		btf_read_pages(b, b->data.p + at, (uint8_t *)(uintptr_t)b->data.p + at,
			left < PAGE ? left : PAGE);
	}
}

void btf_load_string(const struct btf *b, const uint8_t *p)
{
	size_t off = (size_t)(p - b->data.p), n = 0;
	const size_t most = b->data.n - off;
	while (n < most) {
		size_t next = PAGE - (off + n) % PAGE;
		next = next < most - n ? next : most - n;
		btf_load_pages(b, p + n, next);
		if (memchr(p + n, 0, next))
			break;
		n += next;
	}
}

bool btf_pages_failed(const struct btf *b)
{
	return b->pages && b->pages->failed;
}

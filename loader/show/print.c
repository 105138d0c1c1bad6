/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "print.h"

#include "elf/base/format.h"

#include <string.h>

enum { READY_MAX = 512 };

struct ready {
	FILE *out;
	size_t n, all;
	char text[READY_MAX];
};

static void flush(struct ready *r)
{
	fwrite(r->text, 1, r->n, r->out);
	r->n = 0;
}

static void put(void *ctx, const char *text, size_t n)
{
	struct ready *r = ctx;
	r->all += n;
	for (size_t part; n; text += part, n -= part) {
		part = n < READY_MAX - r->n ? n : READY_MAX - r->n;
		memcpy(r->text + r->n, text, part);
		r->n += part;
		if (r->n == READY_MAX)
			flush(r);
	}
}

int print(FILE *out, const char *fmt, ...)
{
	struct ready r;
	va_list ap;
	r.out = out;
	r.n = r.all = 0;
	va_start(ap, fmt);
	format_pieces(put, &r, fmt, ap);
	va_end(ap);
	flush(&r);
	return (int)r.all;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "runner_cells.h"

#include "elf/base/duration.h"
#include "elf/base/err.h"

RECORDS_ONLY static uint64_t read_value(const uint8_t *p, const struct packed_cell *c)
{
	int big = c->op == CELL_NET || host_is_big();
	uint64_t v = bytes_get(p, c->size, big);
	if (c->op != CELL_INT && c->op != CELL_ERRNO)
		return v;
	unsigned unused = (64 - 8u * c->size) % 64;
	return (uint64_t)((int64_t)(v << unused) >> unused);
}

RECORDS_ONLY static void put_signed(struct out *o, uint64_t v)
{
	int minus = (int64_t)v < 0;
	if (minus)
		out_put(o, "-", 1);
	out_number(o, minus ? 0 - v : v, 10, 1);
}

RECORDS_ONLY static void put_errno(struct cells *w, uint64_t v)
{
	int64_t no = -(int64_t)v;
	put_signed(w->out, v);
	const char *name = no > 0 && no <= ERRNO_MAX ? run_errno(w->x, (unsigned)no) : "";
	if (*name)
		out_put(w->out, " ", 1);
	out_text(w->out, name);
}

/* Microseconds since the start. */
RECORDS_ONLY static void put_instant(struct cells *w, const struct packed_cell *c, uint64_t v)
{
	uint64_t start = w->start[c->how], us;
	if (!v) {
		out_put(w->out, "0", 1);
		return;
	}
	us = (v >= start ? v - start : start - v) / 1000;
	out_put(w->out, v >= start ? "+" : "-", 1);
	out_number(w->out, us / 1000000, 10, 1);
	out_put(w->out, ".", 1);
	out_number(w->out, us % 1000000, 10, 6);
}

RECORDS_ONLY static void put_enum(struct cells *w, const struct packed_cell *c, const uint8_t *p)
{
	const struct packed_name *name = (const void *)(w->x->base + c->names);
	uint64_t v = read_value(p, c);
	for (; name->text; name++)
		if (name->value == v) {
			out_text(w->out, run_text(w->x, name->text));
			return;
		}
	out_number(w->out, v, 10, 1);
}

/* Text that fills its array, or begins with a quote, is quoted. size: bytes up to the end of the record. */
RECORDS_ONLY static void put_chars(
	struct out *o, const struct packed_cell *c, const uint8_t *p, size_t size)
{
	size_t n = c->how || size < c->size ? size : c->size;
	const uint8_t *end = memchr(p, 0, n);
	n = end ? (size_t)(end - p) : n;
	int quoted = n && (n == c->size || *p == '"');
	out_put(o, "\"", (size_t)quoted);
	out_clean(o, (const char *)p, n, quoted);
	out_put(o, "\"", (size_t)quoted);
}

void cell_put(struct cells *w, const struct packed_cell *c, const uint8_t *record, uint32_t size)
{
	const uint8_t *p = record + c->at;
	struct out *o = w->out;
	char text[DECIMAL_TEXT];
	if (c->at >= size || (c->size > size - c->at && c->op != CELL_CHARS)) {
		out_put(o, "?", 1);
		return;
	}
	switch (c->op) {
	case CELL_CHARS:
		put_chars(o, c, p, size - c->at);
		break;
	case CELL_TIME:
		out_put(o, text, time_text(text, read_value(p, c), c->how));
		break;
	case CELL_INT:
		put_signed(o, read_value(p, c));
		break;
	case CELL_BOOL:
		out_text(o, read_value(p, c) ? "true" : "false");
		break;
	case CELL_HEX:
		out_put(o, "0x", 2);
		out_number(o, read_value(p, c), 16, 1);
		break;
	case CELL_ERRNO:
		put_errno(w, read_value(p, c));
		break;
	case CELL_INSTANT:
		put_instant(w, c, read_value(p, c));
		break;
	case CELL_IP4:
		for (int i = 0; i < 4; i++) {
			out_put(o, ".", i > 0);
			out_number(o, p[i], 10, 1);
		}
		break;
	case CELL_ENUM:
		put_enum(w, c, p);
		break;
	default:
		out_number(o, read_value(p, c), 10, 1);
	}
}

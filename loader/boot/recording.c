/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "recording.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
	MAGIC = 16,
	HEAD = MAGIC + 4,
	CHUNK = 24, /* the header of a chunk; offsets of its fields: */
	AT_KIND = 0,
	AT_PLAN = 2,
	AT_MAP = 4,
	AT_LENGTH = 8,
	AT_STORED = 12,
	AT_TIME = 16,
};

#define ORDER_MARK 0x01020304u

static const char magic[MAGIC] = "sonde boot 1\n";

/* ---- writing ---- */

bool recording_flush(struct recording_writer *w)
{
	const uint8_t *p = w->buffer;
	while (w->n && !w->error) {
		ssize_t n = write(w->fd, p, w->n);
		if (n < 0 && errno != EINTR)
			w->error = errno;
		if (n > 0) {
			p += n;
			w->n -= (uint32_t)n;
		}
	}
	return !w->error;
}

static void put(struct recording_writer *w, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;
	w->size += n;
	while (n && !w->error) {
		size_t room = sizeof w->buffer - w->n, some = n < room ? n : room;
		memcpy(w->buffer + w->n, from, some);
		w->n += (uint32_t)some;
		from += some;
		n -= some;
		if (w->n == sizeof w->buffer)
			recording_flush(w);
	}
}

void recording_begin(struct recording_writer *w, int fd, uint64_t limit)
{
	uint32_t mark = ORDER_MARK;
	w->fd = fd;
	w->limit = limit;
	w->size = w->n = 0;
	w->full = false;
	w->error = 0;
	put(w, magic, sizeof magic);
	put(w, &mark, sizeof mark);
}

static void put_chunk(struct recording_writer *w, const struct recording_chunk *c, size_t stored)
{
	const bool big = host_is_big();
	uint8_t head[CHUNK] = {0};
	bytes_put(head + AT_KIND, 2, big, c->kind);
	bytes_put(head + AT_PLAN, 2, big, c->plan);
	bytes_put(head + AT_MAP, 2, big, c->map);
	bytes_put(head + AT_LENGTH, 4, big, c->length);
	bytes_put(head + AT_STORED, 4, big, stored);
	bytes_put(head + AT_TIME, 8, big, c->time_ns);
	put(w, head, sizeof head);
	put(w, c->bytes.p, stored);
}

bool recording_add(struct recording_writer *w, const struct recording_chunk *c)
{
	size_t stored = c->bytes.n;
	bool trims = c->kind == RECORDING_ROW && stored <= RECORDING_TRIMMED;
	while (trims && stored && !c->bytes.p[stored - 1])
		stored--;
	/* The last chunk needs room, too. */
	w->full = w->full || w->size + CHUNK + stored > w->limit - CHUNK;
	if (w->full || w->error)
		return false;
	put_chunk(w, c, stored);
	return !w->error;
}

bool recording_finish(struct recording_writer *w, enum recording_end how, uint64_t time_ns)
{
	const struct recording_chunk end = {
		.kind = RECORDING_END, .length = how, .time_ns = time_ns};
	if (!w->error)
		put_chunk(w, &end, 0);
	return recording_flush(w);
}

/* ---- reading ---- */

bool recording_open(struct recording *r, const char *path, struct span bytes, struct err *e)
{
	*r = (struct recording){bytes, HEAD};
	if (!span_has(bytes, 0, HEAD) || memcmp(bytes.p, magic, sizeof magic) != 0) {
		err_set(e, "%s: not a recording of a boot", path);
		return err_hint(e, "sonde init --collect --output FILE saves one");
	}
	r->bytes.big = bytes.p[MAGIC] == (uint8_t)(ORDER_MARK >> 24);
	return span_u32(r->bytes, MAGIC) == ORDER_MARK ||
	       err_set(e, "%s: damaged: its byte order is unknown", path);
}

bool recording_next(struct recording *r, struct recording_chunk *c)
{
	struct span head = span_sub(r->bytes, r->at, CHUNK);
	uint32_t stored = span_u32(head, AT_STORED);
	if (!head.n || !span_has(r->bytes, r->at + CHUNK, stored))
		return false;
	*c = (struct recording_chunk){.kind = span_u16(head, AT_KIND),
		.plan = span_u16(head, AT_PLAN),
		.map = span_u16(head, AT_MAP),
		.length = span_u32(head, AT_LENGTH),
		.time_ns = span_u64(head, AT_TIME),
		.bytes = span_sub(r->bytes, r->at + CHUNK, stored)};
	r->at += CHUNK + (uint64_t)stored;
	return c->kind != RECORDING_ROW || c->length >= stored;
}

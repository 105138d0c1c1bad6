/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records in columns and lines of bpf_printk, as loader/show prints them. */
#include "runner_cells.h"

#include "elf/base/err.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <sys/mman.h>

enum {
	SOURCES_MAX = 16,
	POLL_IN = 1,
	POLL_GONE = 0x38, /* POLLERR, POLLHUP, POLLNVAL */
	BUSY_NS = 1000000,
	MESSAGE_AT = 24,      /* the column of a line */
	LOST_ROOM = 8192 * 8, /* a number per CPU */
	TEXT_MAX = 1023,      /* of a line, without the terminator */
	MONOTONIC = 1,
	BOOTTIME = 7,
};

struct source {
	struct run *x;
	const struct packed_source *as; /* the last one is bpf_printk's if it has no rows */
	int fd;
	uint8_t *consumer, *data; /* pages shared with the kernel; ring.h tells their rules */
	const uint8_t *producer;
	uint32_t size, peak;
	unsigned long position;
};

struct show {
	struct cells cells;
	struct source sources[SOURCES_MAX];
	unsigned n;
	const struct source *last;
	const struct packed_row *last_row;
};

uint64_t runner_now(int clock)
{
	struct runner_time t;
	SYS3(SYS_clock_gettime, clock, &t, 0);
	return (uint64_t)t.s * 1000000000 + (uint64_t)t.ns;
}

/* ---- records and lines ---- */

/* A heading before the first line, and again after those of another source. */
static void put_head(struct show *w, const struct source *s, const struct packed_row *row)
{
	if (w->last == s && w->last_row == row)
		return;
	if (w->last && w->last != s)
		out_put(w->cells.out, "\n", 1);
	w->last = s;
	w->last_row = row;
	out_text(w->cells.out,
		row ? run_text(s->x, row->head) : "PID    COMM             MESSAGE\n");
}

RECORDS_ONLY static const struct packed_row *row_of(
	const struct source *s, const uint8_t *record, uint32_t size)
{
	const struct packed_row *row = (const void *)(s->x->base + s->as->rows);
	struct span bytes = {record, size, host_is_big()};
	unsigned i = 0;
	for (; i + 1u < s->as->n_rows; i++)
		if (row[i].size == size &&
			(!row[i].tag_size ||
				span_uint(bytes, row[i].tag_at, row[i].tag_size) == row[i].tag))
			break;
	return &row[i];
}

RECORDS_ONLY static void put_record(
	struct show *w, const struct source *s, const uint8_t *record, uint32_t size)
{
	const struct packed_row *row = row_of(s, record, size);
	const struct packed_cell *cell = (const void *)(s->x->base + row->cells);
	put_head(w, s, row);
	w->cells.out->cols = 0;
	for (unsigned i = 0; i < row->n_cells; i++, cell++) {
		if (i)
			out_gap(w->cells.out, cell->start);
		cell_put(&w->cells, cell, record, size);
	}
	out_put(w->cells.out, "\n", 1);
}

/* Whether text has the form of a pattern, in which PACKED_ANY is any text. The end of a text that is as
 * long as the kernel's lines can be may have been cut off. */
static int matches(const char *pattern, const char *text, const char *end, int cut)
{
	const char *after = NULL,
		   *again = NULL; /* the last PACKED_ANY, and where its text may end */
	while (text < end || (*pattern && !cut)) {
		if (*pattern == PACKED_ANY) {
			after = ++pattern;
			again = text;
		} else if (text < end && *pattern && *pattern == *text) {
			pattern++;
			text++;
		} else if (again && again < end) {
			pattern = after;
			text = ++again;
		} else {
			return 0;
		}
	}
	return 1;
}

/* Whether one of our programs can have written a line. */
static int is_ours(const struct show *w, const char *text, size_t n)
{
	const char *pattern = run_text(w->cells.x, w->cells.x->head->formats);
	for (; *pattern; pattern += strlen(pattern) + 1)
		if (matches(pattern, text, text + n, n >= TEXT_MAX))
			return 1;
	return 0;
}

/* What the program of loader/kernel/printk_capture.c writes: time, thread, CPU, comm, text. */
static void put_line(struct show *w, const struct source *s, const uint8_t *record, uint32_t size)
{
	enum { THREAD = 8, COMM = 24, TEXT = 40 };
	const char *comm = (const char *)record + COMM, *text = (const char *)record + TEXT;
	uint32_t n = size > TEXT ? size - TEXT : 0;
	while (n && (!text[n - 1] || text[n - 1] == '\n'))
		n--;
	if (!n || !is_ours(w, text, n))
		return;
	uint64_t thread;
	memcpy(&thread, record + THREAD, sizeof thread);
	const char *end = memchr(comm, 0, TEXT - COMM);
	put_head(w, s, NULL);
	w->cells.out->cols = 0;
	out_number(w->cells.out, thread >> 32, 10, 1);
	out_gap(w->cells.out, MESSAGE_AT - 17);
	out_clean(w->cells.out, comm, end ? (size_t)(end - comm) : TEXT - COMM, 0);
	while (w->cells.out->cols < MESSAGE_AT)
		out_put(w->cells.out, " ", 1);
	out_clean(w->cells.out, text, n, 0);
	out_put(w->cells.out, "\n", 1);
}

static void put_any(struct show *w, const struct source *s, const uint8_t *record, uint32_t size)
{
	if (s->as->n_rows)
		put_record(w, s, record, size);
	else
		put_line(w, s, record, size);
}

/* ---- ring buffers ---- */

static long map_ring(struct source *s, uint32_t page)
{
	long p = runner_map(page, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);
	s->consumer = (uint8_t *)p;
	if (p >= 0 || p < -4095) {
		p = runner_map((long)page + 2 * (long)s->size, PROT_READ, MAP_SHARED, s->fd, page);
		s->producer = (const uint8_t *)p;
		s->data = (uint8_t *)p + page;
	}
	if (p < 0 && p >= -4095)
		return p;
	s->position = *(volatile unsigned long *)s->consumer;
	return 0;
}

static uint32_t unread(const struct source *s)
{
	return (uint32_t)(__atomic_load_n((const unsigned long *)s->producer, __ATOMIC_ACQUIRE) -
			  s->position);
}

/* Shows what has been submitted. Returns 0, 1 if a record is not submitted yet, or -EBADMSG. */
static int drain(struct show *w, struct source *s)
{
	uint32_t left = unread(s), header;
	s->peak = left > s->peak && left <= s->size ? left : s->peak;
	if (left > s->size || left % 8)
		return -EBADMSG;
	for (int shown = 0; left && !w->cells.out->failed; shown = 1) {
		const uint8_t *record = s->data + (s->position & (s->size - 1));
		header = __atomic_load_n((const uint32_t *)(const void *)record, __ATOMIC_ACQUIRE);
		uint32_t n = header & ~(uint32_t)BPF_RINGBUF_DISCARD_BIT;
		if (header & BPF_RINGBUF_BUSY_BIT)
			return !shown;
		if (n > left - BPF_RINGBUF_HDR_SZ)
			return -EBADMSG;
		if (!(header & BPF_RINGBUF_DISCARD_BIT))
			put_any(w, s, record + BPF_RINGBUF_HDR_SZ, n);
		n = (n + BPF_RINGBUF_HDR_SZ + 7) & ~(uint32_t)7;
		left -= n;
		s->position += n;
		__atomic_store_n(
			(unsigned long *)(void *)s->consumer, s->position, __ATOMIC_RELEASE);
	}
	return 0;
}

static int drain_all(struct show *w, int *busy)
{
	*busy = 0;
	for (unsigned i = 0; i < w->n; i++) {
		int r = drain(w, &w->sources[i]);
		if (r < 0) {
			run_say(w->sources[i].x, run_text(w->sources[i].x, w->sources[i].as->name),
				-r);
			return 1;
		}
		*busy |= r;
	}
	out_flush(w->cells.out);
	return 0;
}

static int add_sources(struct show *w, struct run *x)
{
	const struct packed_source *as = (const void *)(x->base + x->plan->sources);
	for (unsigned i = 0; i < x->plan->n_sources && w->n < SOURCES_MAX; i++, as++) {
		struct source *s = &w->sources[w->n++];
		*s = (struct source){.x = x, .as = as, .fd = (int)x->slots[as->slot].value};
		s->size = run_ring_size(x, as->entries);
		long r = map_ring(s, x->page);
		if (r) {
			run_say(x, run_text(x, as->name), (int)-r);
			return 1;
		}
	}
	return 0;
}

/* ---- losses ---- */

/* The number in a map with one value of 8 bytes, of each CPU or not. */
static uint64_t counted(const struct run *x)
{
	struct {
		uint32_t map, unused;
		uint64_t key, value, flags;
	} attr = {0};
	const uint32_t key = 0;
	uint64_t sum = 0;
	if (x->plan->lost == PACKED_NONE)
		return 0;
	long p = runner_map(LOST_ROOM, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p < 0 && p >= -4095)
		return 0;
	attr.map = (uint32_t)x->slots[x->plan->lost].value;
	attr.key = (uintptr_t)&key;
	attr.value = (uint64_t)(unsigned long)p;
	if (SYS3(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof attr))
		return 0;
	/* Pages after the first one that has no number belong to no CPU: do not touch all of them. */
	for (uint64_t before = UINT64_MAX, cpu = 0; cpu < LOST_ROOM / sizeof sum; cpu++) {
		if (cpu * sizeof sum % x->page == 0 && before == sum && cpu)
			break;
		if (cpu * sizeof sum % x->page == 0)
			before = sum;
		sum += ((const uint64_t *)p)[cpu];
	}
	return sum;
}

static void say_loss(struct run *x, const char *a, const char *b, const char *c, uint64_t n)
{
	struct out *o = x->messages;
	out_text(o, "note: ");
	out_text(o, a);
	out_text(o, b);
	out_text(o, c);
	if (n)
		out_number(o, n, 10, 1);
	out_text(o, n ? " records were lost" : "was nearly full: records were probably lost");
	out_text(o, n && !*b ? " because the ring buffer was full\n" : "\n");
	out_flush(o);
}

static void say_losses(struct show *w, struct run *x, struct run *capture)
{
	uint64_t n = counted(x);
	if (n) {
		say_loss(x, "", "", "", n);
		return;
	}
	for (unsigned i = 0; i < w->n; i++) {
		struct source *s = &w->sources[i];
		int lines = !s->as->n_rows;
		const char *what = lines ? "the buffer for " : "map '",
			   *name = run_text(s->x, s->as->name);
		n = lines ? counted(capture) : 0;
		if (n)
			say_loss(x, what, name, lines ? ": " : "': ", n);
		else if (s->peak > s->size - s->size / 8)
			say_loss(x, what, name, lines ? " " : "' ", 0);
	}
}

/* ---- the loop ---- */

static int loop(struct show *w, uint64_t end)
{
	struct {
		int fd;
		short events, revents;
	} fds[SOURCES_MAX + 2];
	int busy;
	for (;;) {
		uint64_t now = runner_now(MONOTONIC), left = end > now ? end - now : 0;
		struct runner_time wait = {(long)(left / 1000000000), (long)(left % 1000000000)};
		fds[0].fd = w->cells.x->signals;
		fds[1].fd = w->cells.out->fd;
		for (unsigned i = 0; i < w->n; i++)
			fds[i + 2].fd = w->sources[i].fd;
		for (unsigned i = 0; i < w->n + 2; i++)
			fds[i].events = i == 1 ? 0 : POLL_IN;
		long r = SYS(SYS_ppoll, fds, w->n + 2, end == UINT64_MAX ? NULL : &wait, 0, 8);
		if (r < 0 && r != -EINTR) {
			run_say((struct run *)w->cells.x, "wait for data", (int)-r);
			return 1;
		}
		if (drain_all(w, &busy))
			return 1;
		if (w->cells.out->failed || (end != UINT64_MAX && runner_now(MONOTONIC) >= end) ||
			(r > 0 && (fds[0].revents || fds[1].revents & POLL_GONE)))
			return 0;
		if (busy)
			SYS3(SYS_nanosleep, (&(struct runner_time){0, BUSY_NS}), 0, 0);
	}
}

int run_show(struct run *x, struct run *capture, uint32_t for_ms, struct out *out)
{
	struct show w;
	int busy;
	w.cells.out = out;
	w.cells.x = x;
	w.n = 0;
	w.last = NULL;
	w.last_row = NULL;
	if (add_sources(&w, x) || (capture && add_sources(&w, capture)))
		return 1;
	w.cells.start[0] = x->started;
	w.cells.start[1] = x->started + runner_now(BOOTTIME) - runner_now(MONOTONIC);
	out_text(x->messages, run_text(x, x->plan->started));
	out_flush(x->messages);
	/* The heading of the only source, unless the first record decides on it. */
	if (w.n == 1 && w.sources[0].as->n_rows < 2)
		put_head(&w, &w.sources[0],
			w.sources[0].as->n_rows ? (const void *)(x->base + w.sources[0].as->rows)
						: NULL);
	out_flush(out);
	if (loop(&w, for_ms ? runner_now(MONOTONIC) + for_ms * UINT64_C(1000000) : UINT64_MAX) ||
		drain_all(&w, &busy))
		return 1;
	say_losses(&w, x, capture);
	return 0;
}

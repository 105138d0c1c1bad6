/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "printk.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "../elf/span.h"
#include "abi.h"

/* ---- does a text fit a format? */

enum {
	TEXT_MAX = 1023,   /* the kernel's buffer of 1024 bytes less its terminator */
	CUT_WITHIN = 64,   /* a conversion other than %s that was cut began this close to the end */
	INT_MAX_TEXT = 11, /* the longest int with its sign; 0x and 8 digits are shorter */
	LONG_MAX_TEXT = 20, /* the same for 64 bits */
};

enum conversion {
	CONV_ANY,     /* any bytes, at least as many as the width */
	CONV_CHAR,    /* one byte; a NUL ends the text */
	CONV_NUMBER,  /* decimal or hexadecimal */
	CONV_POINTER, /* 8 or 16 hexadecimal digits, or a word in parentheses */
	CONV_SYMBOL,  /* something */
	CONV_IP4,
	CONV_IP6,
};

/* A format, cut into bytes that stand for themselves and conversions. */
struct item {
	bool literal;
	char byte; /* if literal */
	enum conversion conversion;
	bool zero, plus, minus, blank, hash; /* flags */
	unsigned width, max;                 /* max: longest text but for the width */
	bool is_signed, upper, is_long;
	unsigned base;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *parse_flags(const char *p, struct item *it)
{
	for (;; p++) {
		it->zero |= *p == '0';
		it->plus |= *p == '+';
		it->minus |= *p == '-';
		it->blank |= *p == ' ';
		it->hash |= *p == '#';
		if (!*p || !strchr("0+- #", *p))
			break;
	}
	for (; is_digit(*p); p++)
		if (it->width < TEXT_MAX)
			it->width = it->width * 10 + (unsigned)(*p - '0');
	if (*p == '.') /* no kernel so far takes a precision */
		for (p++; is_digit(*p) || *p == '*'; p++)
			;
	return p;
}

/* Behind "%p": the letters that belong to it are those that the kernel's BPF helpers know. */
static const char *parse_pointer(const char *p, struct item *it)
{
	it->conversion = CONV_POINTER;
	it->max = 20;
	if ((p[0] == 'k' || p[0] == 'u') && p[1] == 's') {
		it->conversion = CONV_ANY;
		return p + 2;
	}
	if ((p[0] == 'i' || p[0] == 'I') && (p[1] == '4' || p[1] == '6')) {
		it->conversion = p[1] == '4' ? CONV_IP4 : CONV_IP6;
		it->zero = p[0] == 'i';
		it->max = 39;
		return p + 2;
	}
	if (*p && strchr("BsSfF", *p)) {
		it->conversion = CONV_SYMBOL;
		return p + 1;
	}
	return *p == 'K' || *p == 'x' ? p + 1 : p;
}

/* The item at p, which is not the end of the format. Returns where the next one is. */
static const char *parse_item(const char *p, struct item *it)
{
	*it = (struct item){.literal = true, .byte = *p};
	if (*p != '%')
		return p + 1;
	if (p[1] == '%')
		return p + 2;
	it->literal = false;
	p = parse_flags(p + 1, it);
	for (; *p && strchr("hlLqjzt", *p); p++)
		it->is_long |= *p != 'h';
	it->max = it->is_long ? LONG_MAX_TEXT : INT_MAX_TEXT;
	it->conversion = CONV_NUMBER;
	it->base = 10;
	switch (*p) {
	case 'd':
	case 'i':
		it->is_signed = true;
		return p + 1;
	case 'u':
		return p + 1;
	case 'X':
		it->upper = true;
		/* fall through */
	case 'x':
		it->base = 16;
		return p + 1;
	case 'c':
		it->conversion = CONV_CHAR;
		it->max = 1;
		return p + 1;
	case 'p':
		return parse_pointer(p + 1, it);
	default: /* %s, and what a later kernel may know */
		it->conversion = CONV_ANY;
		return *p ? p + 1 : p;
	}
}

static bool is_hex(char c, bool upper)
{
	return is_digit(c) || (upper ? c >= 'A' && c <= 'F' : c >= 'a' && c <= 'f');
}

/* Digits of one number, without leading zeros unless padded, and not above what its type holds. */
static bool digits_fit(const struct item *it, const char *s, size_t n, bool negative, bool padded)
{
	static const char *const largest[2][2] = {
		{"4294967295", "18446744073709551615"},
		{"2147483648", "9223372036854775808"},
	};
	if (n == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!(it->base == 16 ? is_hex(s[i], it->upper) : is_digit(s[i])))
			return false;
	while (padded && n > 1 && *s == '0')
		s++, n--;
	if (*s == '0' && n > 1)
		return false;
	if (it->base == 16)
		return n <= (it->is_long ? 16 : 8);
	const char *most = largest[it->is_signed][it->is_long];
	size_t most_n = strlen(most);
	int order = n == most_n ? memcmp(s, most, n) : n < most_n ? -1 : 1;
	return order < 0 || (order == 0 && (negative || !it->is_signed));
}

static bool number_fits(const struct item *it, const char *s, size_t n)
{
	bool filled = n == it->width;
	if (n < it->width)
		return false;
	while (filled && it->minus && n && s[n - 1] == ' ')
		n--;
	while (filled && !it->minus && !it->zero && n && *s == ' ')
		s++, n--;
	bool negative = n && it->is_signed && *s == '-';
	bool sign = negative || (n && it->is_signed && it->plus && *s == '+') ||
	            (n && it->is_signed && it->blank && *s == ' ');
	s += sign;
	n -= sign;
	if (it->hash && it->base == 16 && n > 2 && s[0] == '0' && (s[1] | 32) == 'x') {
		s += 2;
		n -= 2;
	}
	return digits_fit(it, s, n, negative, filled && it->zero && !it->minus);
}

static bool pointer_fits(const struct item *it, const char *s, size_t n)
{
	if (n < it->width)
		return false;
	while (n && *s == ' ')
		s++, n--;
	while (n && s[n - 1] == ' ')
		n--;
	if (n >= 3 && s[0] == '(' && s[n - 1] == ')')
		return true;
	if (n > 2 && s[0] == '0' && s[1] == 'x') {
		s += 2;
		n -= 2;
	}
	for (size_t i = 0; i < n; i++)
		if (!is_hex(s[i], false))
			return false;
	return n == 8 || n == 16 || (it->width && n);
}

/* Four numbers up to 255; of three digits each if zero. */
static bool ip4_fits(const struct item *it, const char *s, size_t n)
{
	const char *end = s + n;
	for (unsigned i = 0; i < 4; i++) {
		unsigned v = 0, digits = 0;
		for (; s < end && is_digit(*s) && digits < 4; s++, digits++)
			v = v * 10 + (unsigned)(*s - '0');
		if (!digits || digits > 3 || v > 255 || (it->zero && digits != 3))
			return false;
		if (!it->zero && digits > 1 && s[-(int)digits] == '0')
			return false;
		if (i < 3 && (s == end || *s++ != '.'))
			return false;
	}
	return s == end;
}

/* 32 hexadecimal digits; unless zero with a colon between each four. */
static bool ip6_fits(const struct item *it, const char *s, size_t n)
{
	if (n != (it->zero ? 32 : 39))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!it->zero && i % 5 == 4 ? s[i] != ':' : !is_hex(s[i], false))
			return false;
	return true;
}

static bool conversion_fits(const struct item *it, const char *s, size_t n)
{
	switch (it->conversion) {
	case CONV_NUMBER:
		return number_fits(it, s, n);
	case CONV_POINTER:
		return pointer_fits(it, s, n);
	case CONV_CHAR:
		return n == (it->width > 1 ? it->width : 1);
	case CONV_IP4:
		return ip4_fits(it, s, n);
	case CONV_IP6:
		return ip6_fits(it, s, n);
	default:
		return n >= (it->conversion == CONV_SYMBOL && !it->width ? 1 : it->width);
	}
}

/* from: the places of the text that the items so far can end at; to: the same with this one. */
static bool step(const struct item *it, const char *text, size_t len, const bool *from, bool *to)
{
	bool some = false;
	memset(to, 0, len + 1);
	size_t most = it->max > it->width ? it->max : it->width;
	bool open_end = it->conversion == CONV_ANY || it->conversion == CONV_SYMBOL;
	for (size_t i = 0; i <= len; i++) {
		if (!from[i])
			continue;
		if (it->literal) {
			if (i < len && text[i] == it->byte)
				some = to[i + 1] = true;
			continue;
		}
		size_t last = open_end || len - i < most ? len : i + most;
		for (size_t end = i; end <= last; end++)
			if (conversion_fits(it, text + i, end - i))
				some = to[end] = true;
		if (open_end)
			break; /* from a later place it cannot reach more */
	}
	return some;
}

static bool any_from(const bool *at, size_t first, size_t last)
{
	for (size_t i = first; i <= last; i++)
		if (at[i])
			return true;
	return false;
}

/* All ways to read the text at once: a set of places instead of going back and forth. */
static bool matches(const char *format, const char *format_end, const char *text, size_t len)
{
	bool sets[2][TEXT_MAX + 1] = {{true}};
	bool cut = len >= TEXT_MAX;
	unsigned now = 0;
	if (cut)
		len = TEXT_MAX;
	while (format < format_end) {
		struct item it;
		format = parse_item(format, &it);
		if (cut && any_from(sets[now], it.literal ? len : len - CUT_WITHIN, len))
			return true;
		if (!it.literal && it.conversion == CONV_CHAR && sets[now][len])
			return true;
		if (!step(&it, text, len, sets[now], sets[!now]))
			return false;
		now = !now;
	}
	return sets[now][len];
}

bool printk_match(const char *format, const char *text, size_t len)
{
	const char *end = format + strlen(format);
	while (end > format && end[-1] == '\n')
		end--;
	while (len && text[len - 1] == '\n')
		len--;
	if (matches(format, end, text, len))
		return true;
	for (const char *line = format; memchr(format, '\n', (size_t)(end - format));) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *line_end = newline ? newline : end;
		if (line_end > line && matches(line, line_end, text, len))
			return true;
		if (!newline)
			break;
		line = newline + 1;
	}
	return false;
}

/* ---- lines of trace_pipe, and the tracepoint's format */

static bool is_blank(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != '\n' && s[i] != '\r' && s[i] != ' ' && s[i] != '\t')
			return false;
	return true;
}

/* A cursor over a line that is not terminated. */
struct cursor {
	const char *p, *end;
};

static bool take(struct cursor *c, char byte)
{
	if (c->p == c->end || *c->p != byte)
		return false;
	c->p++;
	return true;
}

static void take_blanks(struct cursor *c)
{
	while (take(c, ' '))
		;
}

static bool take_number(struct cursor *c, uint64_t *out)
{
	const char *start = c->p;
	uint64_t v = 0;
	for (; c->p < c->end && is_digit(*c->p) && c->p - start < 18; c->p++)
		v = v * 10 + (uint64_t)(*c->p - '0');
	*out = v;
	return c->p > start;
}

static bool take_text(struct cursor *c, const char *text)
{
	size_t n = strlen(text);
	if ((size_t)(c->end - c->p) < n || memcmp(c->p, text, n) != 0)
		return false;
	c->p += n;
	return true;
}

/* "1234.567890:" in ns; a clock that does not count time has no dot. */
static bool take_time(struct cursor *c, uint64_t *ns)
{
	uint64_t seconds, fraction = 0;
	if (!take_number(c, &seconds))
		return false;
	const char *dot = c->p;
	if (take(c, '.')) {
		if (!take_number(c, &fraction) || c->p - dot != 7)
			return false;
		*ns = seconds * 1000000000u + fraction * 1000u;
	}
	return take(c, ':');
}

/* "(  812) " with the process, which the option record-tgid adds; "(-------) " if unknown. */
static void take_process(struct cursor *c, uint32_t *pid)
{
	uint64_t v;
	if (!take(c, '('))
		return;
	take_blanks(c);
	if (take_number(c, &v))
		*pid = (uint32_t)v;
	while (c->p < c->end && *c->p != '[')
		c->p++;
}

bool printk_parse(const char *line, size_t len, struct printk_line *out)
{
	enum { NAME = 16 }; /* the column of names is that wide, so that the dash stands there */
	struct cursor c = {line, line + len}, flags;
	uint64_t tid, cpu;
	*out = (struct printk_line){0};
	if (len <= NAME)
		return false;
	c.p += NAME;
	if (!take(&c, '-') || !take_number(&c, &tid))
		return false;
	const char *name = line;
	while (*name == ' ')
		name++;
	if (line + NAME - name < (int)sizeof out->comm)
		memcpy(out->comm, name, (size_t)(line + NAME - name));
	out->pid = out->tid = (uint32_t)tid;
	take_blanks(&c);
	take_process(&c, &out->pid);
	if (!take(&c, '[') || !take_number(&c, &cpu) || !take(&c, ']'))
		return false;
	out->cpu = (uint32_t)cpu;
	take_blanks(&c);
	flags = c;
	if (!take_time(&c, &out->time_ns)) { /* between them "d..21", unless irq-info is off */
		for (c = flags; c.p < c.end && *c.p != ' '; c.p++)
			;
		take_blanks(&c);
		if (!take_time(&c, &out->time_ns))
			return false;
	}
	/* Before 5.9 the helper wrote with the made-up address 0 or 1 in front. */
	if (!take_text(&c, " bpf_trace_printk: ") && !take_text(&c, " 0: ") &&
		!take_text(&c, " 0x0: ") && !take_text(&c, " 0x00000001: ") &&
		!take_text(&c, " 0x1: "))
		return false;
	out->text = c.p;
	out->len = (size_t)(c.end - c.p);
	return true;
}

uint64_t printk_parse_lost(const char *line, size_t len)
{
	struct cursor c = {line, line + len};
	uint64_t cpu, lost;
	if (!take_text(&c, "CPU:") || !take_number(&c, &cpu) || !take_text(&c, " [LOST ") ||
		!take_number(&c, &lost) || !take_text(&c, " EVENTS]"))
		return 0;
	return lost;
}

/* The line "field:__data_loc char[] bpf_string; offset:8; size:4; signed:0;", tabs between. */
bool printk_layout_parse(const char *format_file, struct printk_layout *out)
{
	const char *name = strstr(format_file, " bpf_string;\toffset:");
	struct cursor c = {name, format_file + strlen(format_file)};
	uint64_t offset, size;
	if (!name || !take_text(&c, " bpf_string;\toffset:") || !take_number(&c, &offset) ||
		!take_text(&c, ";\tsize:") || !take_number(&c, &size) || !take(&c, ';') ||
		size != 4 || offset > UINT16_MAX)
		return false;
	c.p = name;
	while (c.p > format_file && c.p[-1] != '\n')
		c.p--;
	take(&c, '\t');
	out->offset = (uint32_t)offset;
	return take_text(&c, "field:__data_loc ");
}

/* ---- trace_pipe */

bool tracepipe_open(struct tracepipe *t, struct kfs *k, struct err *e)
{
	int64_t on = 1;
	t->used = 0;
	t->fd = kfs_open(k, KFS_TRACE, "trace_pipe", O_RDONLY | O_NONBLOCK);
	if (t->fd < 0) {
		kfs_explain(k, KFS_TRACE, "trace_pipe", t->fd, e);
		if (t->fd == -EBUSY)
			err_hint(e, "another program reads it; there can be only one");
		return false;
	}
	t->switched_off = kfs_read_number(k, KFS_TRACE, "tracing_on", &on) == 0 && on == 0;
	return true;
}

void tracepipe_close(struct tracepipe *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

/* Delivers the whole lines of buf and moves the rest to its start. */
static bool split_lines(struct tracepipe *t, tracepipe_fn fn, void *ctx, long *count)
{
	size_t start = 0;
	bool more = true;
	while (more && start < t->used) {
		const char *line = t->buf + start;
		const char *newline = memchr(line, '\n', t->used - start);
		if (!newline && (start || t->used < sizeof t->buf))
			break;
		size_t len = newline ? (size_t)(newline - line) : t->used;
		start += len + (newline != NULL);
		if (!is_blank(line, len)) {
			more = fn(ctx, line, len);
			++*count;
		}
	}
	t->used -= start;
	memmove(t->buf, t->buf + start, t->used);
	return more;
}

long tracepipe_drain(struct tracepipe *t, tracepipe_fn fn, void *ctx)
{
	enum { READS = 64 }; /* whoever else waits in the same loop gets a turn */
	long count = 0;
	bool more = split_lines(t, fn, ctx, &count);
	for (unsigned i = 0; more && i < READS; i++) {
		ssize_t n = read(t->fd, t->buf + t->used, sizeof t->buf - t->used);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return count ? count : -errno;
		if (n <= 0)
			break;
		t->used += (size_t)n;
		more = split_lines(t, fn, ctx, &count);
	}
	return count;
}

/* ---- the tracepoint */

/* Fields of a sample in the kernel's order: u32 pid, tid; u64 time; u32 cpu, reserved; u32 size of
 * the record; the record. */
enum {
	SAMPLE_TID = 1 << 1,
	SAMPLE_TIME = 1 << 2,
	SAMPLE_CPU = 1 << 7,
	SAMPLE_FIELDS = SAMPLE_TID | SAMPLE_TIME | SAMPLE_CPU | PERF_SAMPLE_RAW,
	SAMPLE_RECORD = 28,
};

enum {
	RING_BYTES = 32 << 10,
	RING_BYTES_MIN = 8 << 10,
	ALL_RINGS = 2 << 20,
	CPUS_MAX = 8192,
	HOLD_NS = 10000000, /* less than anybody sees */
};

struct printk_cpu {
	struct perfring ring;
	bool has_line; /* line is the ring's next one */
	struct printk_line line;
};

/* Names of threads that wrote a line in the last tenth of a second. */
struct printk_names {
	struct {
		uint32_t tid;
		uint64_t until;
		char comm[16];
	} of[32];
};

static bool decode(const struct printk *p, const struct perf_record *r, struct printk_line *out)
{
	struct span s = {r->body, r->len, host_is_big()};
	struct span record = span_sub(s, SAMPLE_RECORD, span_u32(s, SAMPLE_RECORD - 4));
	uint32_t where = span_u32(record, p->layout.offset);
	struct span text = span_sub(record, where & 0xffff, where >> 16);
	if (r->type != PERF_RECORD_SAMPLE || !text.n)
		return false;
	*out = (struct printk_line){
		.time_ns = span_u64(s, 8),
		.pid = span_u32(s, 0),
		.tid = span_u32(s, 4),
		.cpu = span_u32(s, 16),
		.text = (const char *)text.p,
		.len = strnlen((const char *)text.p, text.n),
	};
	while (out->len && out->text[out->len - 1] == '\n')
		out->len--;
	return true;
}

/* The next line of a ring, if its time is not after the limit. */
static bool look_ahead(struct printk *p, struct printk_cpu *c)
{
	struct perf_record record;
	while (!c->has_line && perfring_next(&c->ring, &record)) {
		c->has_line = decode(p, &record, &c->line);
		if (!c->has_line) {
			p->lost_told++;
			perfring_take(&c->ring);
		}
	}
	return c->has_line;
}

static void look_up_name(struct printk *p, struct printk_line *line)
{
	char path[32], text[32];
	if (line->tid == 0)
		return;
	if (line->pid == (uint32_t)getpid()) { /* opening a file might make the next line */
		prctl(PR_GET_NAME, line->comm);
		return;
	}
	unsigned i = line->tid % 32;
	if (p->names->of[i].tid != line->tid || line->time_ns > p->names->of[i].until) {
		snprintf(path, sizeof path, "%u/comm", (unsigned)line->tid);
		if (kfs_read_text(p->kfs, KFS_PROC, path, text, sizeof text) < 0)
			*text = 0;
		text[strcspn(text, "\n")] = 0;
		p->names->of[i].tid = line->tid;
		p->names->of[i].until = line->time_ns + 100000000u;
		snprintf(p->names->of[i].comm, sizeof p->names->of[i].comm, "%.15s", text);
	}
	memcpy(line->comm, p->names->of[i].comm, sizeof line->comm);
}

static uint64_t monotonic_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct printk_cpu *earliest(struct printk *p)
{
	struct printk_cpu *first = NULL;
	for (unsigned i = 0; i < p->count; i++) {
		struct printk_cpu *c = &p->cpus[i];
		if (look_ahead(p, c) && (!first || c->line.time_ns < first->line.time_ns))
			first = c;
	}
	return first;
}

/* Lets the descriptor poll readable at that time; 0: not before something new comes. */
static void wake_at(struct printk *p, uint64_t ns)
{
	struct itimerspec t = {.it_value = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)}};
	if (p->timer >= 0 && (ns || p->timer_set))
		timerfd_settime(p->timer, TFD_TIMER_ABSTIME, &t, NULL);
	p->timer_set = ns != 0;
}

/*
 * A line has its time before it stands in its ring: a moment, or the milliseconds for which a
 * virtual CPU was taken away in between. And the rings are looked at one after the other. So a line
 * is only delivered when it is old enough that no older one can still turn up elsewhere; unless a
 * ring fills, for losing lines is worse than their order.
 */
static long drain_rings(struct printk *p, bool all, printk_fn fn, void *ctx)
{
	uint64_t now = monotonic_now(), limit = now - HOLD_NS;
	for (unsigned i = 0; i < p->count; i++) {
		struct perfring *r = &p->cpus[i].ring;
		perfring_look(r);
		if (r->head - r->tail > r->size / 2)
			limit = now;
	}
	if (all || p->timer < 0)
		limit = UINT64_MAX;
	long count = 0;
	bool more = true;
	struct printk_cpu *c;
	while ((c = earliest(p)) && more && c->line.time_ns <= limit) {
		if (!is_blank(c->line.text, c->line.len)) {
			if (p->names)
				look_up_name(p, &c->line);
			more = fn(ctx, &c->line);
			count++;
		}
		c->has_line = false;
		perfring_take(&c->ring);
	}
	wake_at(p, c ? c->line.time_ns + HOLD_NS : 0);
	return count;
}

struct from_pipe {
	struct printk *p;
	printk_fn fn;
	void *ctx;
	long count;
};

static bool pipe_line(void *ctx, const char *text, size_t len)
{
	struct from_pipe *f = ctx;
	struct printk_line line;
	f->p->lost_told += printk_parse_lost(text, len);
	if (!printk_parse(text, len, &line) || is_blank(line.text, line.len))
		return true;
	f->count++;
	return f->fn(f->ctx, &line);
}

static long drain(struct printk *p, bool all, printk_fn fn, void *ctx)
{
	if (!p->from_pipe)
		return drain_rings(p, all, fn, ctx);
	struct from_pipe f = {p, fn, ctx, 0};
	long r = tracepipe_drain(p->pipe, pipe_line, &f);
	return r < 0 ? r : f.count;
}

long printk_drain(struct printk *p, printk_fn fn, void *ctx)
{
	return drain(p, false, fn, ctx);
}

long printk_flush(struct printk *p, printk_fn fn, void *ctx)
{
	return drain(p, true, fn, ctx);
}

uint64_t printk_lost(const struct printk *p)
{
	uint64_t lost = p->lost_told;
	for (unsigned i = 0; i < p->count; i++)
		lost += perfring_lost(&p->cpus[i].ring);
	return lost;
}

/* ---- opening */

static bool open_pipe(struct printk *p, struct err *e)
{
	p->from_pipe = true;
	p->pipe = malloc(sizeof *p->pipe);
	if (!p->pipe)
		return err_nomem(e);
	if (!tracepipe_open(p->pipe, p->kfs, e)) {
		free(p->pipe);
		p->pipe = NULL;
		return false;
	}
	p->fd = p->pipe->fd;
	return true;
}

static bool explain_open(unsigned cpu, int no, struct err *e)
{
	err_sys(e, no, "watch bpf_printk on CPU %u", cpu);
	if (no == EACCES || no == EPERM)
		err_hint(e, "it takes root or CAP_PERFMON (before Linux 5.8 CAP_SYS_ADMIN)");
	if (no == EMFILE)
		err_hint(e, "a descriptor is needed for each CPU: ulimit -n");
	return false;
}

static size_t bytes_for(size_t wanted, unsigned cpus)
{
	size_t bytes = wanted ? wanted : RING_BYTES;
	while (!wanted && bytes > RING_BYTES_MIN && bytes * cpus > ALL_RINGS)
		bytes /= 2;
	return bytes;
}

static bool add_to_set(struct printk *p, int fd, struct err *e)
{
	struct epoll_event event = {.events = EPOLLIN};
	return epoll_ctl(p->fd, EPOLL_CTL_ADD, fd, &event) == 0 || err_sys(e, errno, "epoll_ctl");
}

/* One ring for each CPU of the list; where there is no list (no sysfs), for each that exists. */
static bool open_rings(struct printk *p, struct perf_attr *a, const unsigned *cpus, unsigned count,
	bool is_list, size_t bytes, struct err *e)
{
	for (unsigned i = 0; i < count; i++) {
		int fd = perfring_open(a, cpus[i]);
		if (fd == -ENODEV)
			continue;
		if (fd == -EINVAL && !is_list && p->count)
			break;
		if (fd < 0)
			return explain_open(cpus[i], -fd, e);
		struct printk_cpu *more = realloc(p->cpus, (p->count + 1) * sizeof *more);
		if (!more) {
			close(fd);
			return err_nomem(e);
		}
		p->cpus = more;
		more[p->count] = (struct printk_cpu){.has_line = false};
		if (!perfring_map(&more[p->count].ring, fd, cpus[i], bytes, a, e))
			return false;
		p->count++;
		if (!add_to_set(p, fd, e))
			return false;
	}
	return p->count ? true : err_set(e, "no CPU is online");
}

static bool open_all(struct printk *p, uint64_t id, size_t ring_bytes, struct err *e)
{
	p->fd = epoll_create1(EPOLL_CLOEXEC);
	if (p->fd < 0)
		return err_sys(e, errno, "epoll_create1");
	unsigned *cpus = calloc(CPUS_MAX, sizeof *cpus);
	if (!cpus)
		return err_nomem(e);
	long count = kfs_read_cpus(p->kfs, "devices/system/cpu/online", cpus, CPUS_MAX);
	bool is_list = count > 0;
	if (count > CPUS_MAX || !is_list)
		count = CPUS_MAX;
	for (unsigned i = 0; !is_list && i < CPUS_MAX; i++)
		cpus[i] = i;
	struct perf_attr a = perf_attr_tracepoint(id, SAMPLE_FIELDS);
	a.flags = perf_attr_flag(PERF_FLAG_CLOCKID);
	a.clockid = CLOCK_MONOTONIC;
	bool ok = open_rings(p, &a, cpus, (unsigned)count, is_list,
		bytes_for(ring_bytes, is_list ? (unsigned)count : 1), e);
	free(cpus);
	if (ok && a.flags) /* without a common clock there is no order to wait for */
		p->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return ok && (p->timer < 0 || add_to_set(p, p->timer, e));
}

bool printk_open(struct printk *p, struct kfs *k, unsigned flags, size_t ring_bytes, struct err *e)
{
	char format[2048];
	int64_t id = 0;
	*p = (struct printk){.fd = -1, .timer = -1, .flags = flags, .kfs = k};
	int r = kfs_read_number(k, KFS_TRACE, "events/bpf_trace/bpf_trace_printk/id", &id);
	bool ok = r == 0 || r == -ENOENT;
	if (!ok)
		kfs_explain(k, KFS_TRACE, "events/bpf_trace/bpf_trace_printk/id", r, e);
	bool known = r == 0 &&
	             kfs_read_text(k, KFS_TRACE, "events/bpf_trace/bpf_trace_printk/format", format,
			     sizeof format) > 0 &&
	             printk_layout_parse(format, &p->layout);
	if (ok && known && (flags & PRINTK_COMM)) {
		p->names = calloc(1, sizeof *p->names);
		ok = p->names || err_nomem(e);
	}
	if (ok)
		ok = known ? open_all(p, (uint64_t)id, ring_bytes, e) : open_pipe(p, e);
	if (!ok)
		printk_close(p);
	return ok;
}

void printk_close(struct printk *p)
{
	for (unsigned i = 0; i < p->count; i++)
		perfring_close(&p->cpus[i].ring);
	free(p->cpus);
	free(p->names);
	if (p->pipe)
		tracepipe_close(p->pipe);
	else if (p->fd >= 0)
		close(p->fd);
	if (p->timer >= 0)
		close(p->timer);
	free(p->pipe);
	*p = (struct printk){.fd = -1, .timer = -1};
}

int printk_wait(int fd, int timeout_ms, const sigset_t *unblocked)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct timespec t = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
	int n = ppoll(&p, 1, timeout_ms < 0 ? NULL : &t, unblocked);
	return n < 0 ? -errno : n;
}

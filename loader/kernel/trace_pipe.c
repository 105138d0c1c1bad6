/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "trace_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* ---- lines ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

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

/* "1234.567890:" in ns; a trace clock that is a counter has no dot. */
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

/* "(  812) ", the process, added by the option record-tgid; "(-------) " if unknown. */
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
	enum { NAME = 16 }; /* width of the name column; a dash follows */
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
	if (!take_time(&c, &out->time_ns)) { /* preceded by "d..21", unless irq-info is off */
		for (c = flags; c.p < c.end && *c.p != ' '; c.p++)
			;
		take_blanks(&c);
		if (!take_time(&c, &out->time_ns))
			return false;
	}
	/* Before 5.9 the helper printed the fake instruction pointer 0 or 1 instead of its name. */
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

/* ---- the file ---- */

bool trace_pipe_open(struct trace_pipe *t, struct kfs *k, struct err *e)
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

void trace_pipe_close(struct trace_pipe *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

/* Delivers the complete lines in buf and moves the rest to its start. */
static bool split_lines(struct trace_pipe *t, trace_pipe_fn fn, void *ctx, long *count)
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

long trace_pipe_drain(struct trace_pipe *t, trace_pipe_fn fn, void *ctx)
{
	enum { READS = 64 }; /* limits the time away from other sources of the event loop */
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

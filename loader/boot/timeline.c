/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "timeline.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_ROOM = 256 };

/* What the enumerators of `event` are called. */
static const char *const names[] = {"exec", "exit", "open", "module"};
enum what { EXEC, EXIT, OPEN, MODULE, WHATS };

struct event {
	uint32_t pid;
	enum what what;
	const struct replay_row *row;
};

static enum what what_of(const struct replay *r, const struct replay_row *row)
{
	char text[NAME_ROOM];
	int what = 0;
	if (!replay_text(r, row, "event", text, sizeof text))
		return WHATS;
	while (what < WHATS && strcmp(names[what], text) != 0)
		what++;
	return (enum what)what;
}

static const char *copy_text(
	const struct replay *r, const struct replay_row *row, const char *member)
{
	char text[NAME_ROOM];
	replay_text(r, row, member, text, sizeof text);
	return *text ? arena_strdup(r->arena, text) : "?";
}

static int by_process(const void *x, const void *y)
{
	const struct event *a = x, *b = y;
	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row); /* rows are in the order of their time */
}

static int by_start(const void *x, const void *y)
{
	const struct timeline_bar *a = x, *b = y;
	if (a->start_ns != b->start_ns)
		return a->start_ns < b->start_ns ? -1 : 1;
	return (a->pid > b->pid) - (a->pid < b->pid);
}

/* events: of processes, in the order by_process(). */
static void make_bars(
	struct timeline *t, const struct event *events, size_t n, const struct replay *r)
{
	struct timeline_bar *bar = NULL;
	for (size_t i = 0; i < n; i++) {
		const struct event *v = &events[i];
		if (bar && bar->pid != v->pid)
			bar = NULL;
		/* At an exec, it is the name of the new program. */
		if (bar && v->what != EXEC)
			bar->comm = copy_text(r, v->row, "comm");
		if (bar && v->what != OPEN) {
			bar->end_ns = v->row->time_ns;
			bar->ended = true;
		}
		if (bar && v->what == OPEN)
			bar->opens++;
		if (v->what == EXIT)
			bar = NULL;
		if (v->what != EXEC)
			continue;
		bar = &t->bars[t->n_bars++];
		*bar = (struct timeline_bar){.start_ns = v->row->time_ns,
			.end_ns = t->end_ns,
			.pid = v->pid,
			.comm = copy_text(r, v->row, "comm"),
			.file = copy_text(r, v->row, "name")};
	}
}

static void add_row(
	struct timeline *t, const struct replay *r, const struct replay_row *row, enum what what)
{
	if (what == OPEN)
		t->opens[t->n_opens++] = row->time_ns;
	if (what == MODULE)
		t->modules[t->n_modules++] =
			(struct timeline_mark){row->time_ns, copy_text(r, row, "name")};
}

bool timeline_make(struct timeline *t, const struct replay *r, struct err *e)
{
	struct arena *a = r->arena;
	struct event *events = arena_array(a, r->n_rows, sizeof *events);
	size_t n = 0;
	uint64_t pid;
	*t = (struct timeline){.bars = arena_array(a, r->n_rows, sizeof *t->bars),
		.modules = arena_array(a, r->n_rows, sizeof *t->modules),
		.opens = arena_array(a, r->n_rows, sizeof *t->opens),
		.start_ns = UINT64_MAX,
		.end_ns = r->end_ns};
	if (!events || !t->bars || !t->modules || !t->opens)
		return err_nomem(e);
	for (size_t i = 0; i < r->n_rows; i++) {
		const struct replay_row *row = &r->rows[i];
		enum what what = what_of(r, row);
		if (what == WHATS || !replay_number(r, row, "pid", &pid))
			continue;
		t->start_ns = row->time_ns < t->start_ns ? row->time_ns : t->start_ns;
		t->end_ns = row->time_ns > t->end_ns ? row->time_ns : t->end_ns;
		add_row(t, r, row, what);
		if (what != MODULE)
			events[n++] = (struct event){(uint32_t)pid, what, row};
	}
	if (t->start_ns == UINT64_MAX) {
		err_set(e, "%s: nothing to draw: no records with event, pid, comm and name",
			r->path);
		return err_hint(e, "boot.bpf.o has such records: its source tells what they mean");
	}
	t->end_ns += t->end_ns == t->start_ns;
	qsort(events, n, sizeof *events, by_process);
	make_bars(t, events, n, r);
	qsort(t->bars, t->n_bars, sizeof *t->bars, by_start);
	return !a->full || err_nomem(e);
}

/* ---- parts of it ---- */

static uint64_t length(const struct timeline_bar *b)
{
	return b->end_ns - b->start_ns;
}

static int longest_first(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
	return (a < b) - (a > b);
}

struct timeline_choice timeline_choose(const struct timeline *t, size_t n, struct arena *a)
{
	struct timeline_choice c = {.equal = t->n_bars, .shown = t->n_bars};
	uint64_t *lengths = t->n_bars > n ? arena_array(a, t->n_bars, sizeof *lengths) : NULL;
	if (!lengths || !n)
		return c;
	for (size_t i = 0; i < t->n_bars; i++)
		lengths[i] = length(&t->bars[i]);
	qsort(lengths, t->n_bars, sizeof *lengths, longest_first);
	c = (struct timeline_choice){.shortest_ns = lengths[n - 1], .shown = n};
	while (c.equal < n && lengths[n - 1 - c.equal] == c.shortest_ns)
		c.equal++;
	return c;
}

bool timeline_next(struct timeline_choice *c, const struct timeline_bar *b)
{
	if (length(b) != c->shortest_ns)
		return length(b) > c->shortest_ns;
	if (!c->equal)
		return false;
	c->equal--;
	return true;
}

void timeline_density(
	const struct timeline *t, const uint64_t *times, size_t n_times, uint32_t *parts, size_t n)
{
	memset(parts, 0, n * sizeof *parts);
	for (size_t i = 0; i < n_times; i++) {
		double part = (double)(times[i] - t->start_ns) / (double)(t->end_ns - t->start_ns);
		size_t at = (size_t)(part * (double)n);
		parts[at < n ? at : n - 1]++;
	}
}

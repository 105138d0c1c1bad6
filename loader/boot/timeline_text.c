/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "timeline.h"

#include "elf/base/duration.h"
#include "elf/base/format.h"
#include "loader/show/print.h"

#include <string.h>

enum {
	HEAD = 46, /* columns before the drawing and its frame */
	NAME = 18, /* of them, for the name and a blank */
	FRAME = 2,
	TEXT = 256,
};

static const char *time_of(uint64_t ns, char text[static DECIMAL_TEXT + 1])
{
	text[time_text(text, ns, 0)] = 0;
	return text;
}

static const char *seconds_of(uint64_t ns, char text[static DECIMAL_TEXT])
{
	text_print(text, DECIMAL_TEXT, "%u.%03u", (unsigned)(ns / 1000000000),
		(unsigned)(ns % 1000000000 / 1000000));
	return text;
}

/* The column of a time, 0 to width - 1. */
static unsigned column(const struct timeline *t, uint64_t ns, unsigned width)
{
	double part = (double)(ns - t->start_ns) / (double)(t->end_ns - t->start_ns);
	unsigned at = (unsigned)(part * width);
	return at < width ? at : width - 1;
}

static void print_axis(const struct timeline *t, unsigned width, FILE *out)
{
	char from[DECIMAL_TEXT], to[DECIMAL_TEXT];
	seconds_of(t->start_ns, from);
	seconds_of(t->end_ns, to);
	int gap = (int)width - (int)strlen(from) - (int)strlen(to) - 4;
	print(out, "%8s  %8s  %7s  %-*s %s s%*s%s s\n", "START", "TAKES", "PID", NAME - 1,
		"PROGRAM", from, gap > 0 ? gap : 1, "", to);
}

/* How many of the times are in each column. */
static void print_density(const struct timeline *t, const char *what, const uint64_t *times,
	size_t n, unsigned width, FILE *out)
{
	static const char levels[] = " .:-=+*#";
	uint32_t parts[TEXT], most = 1;
	char head[HEAD], line[TEXT + 1];
	timeline_density(t, times, n, parts, width);
	for (unsigned i = 0; i < width; i++)
		most = parts[i] > most ? parts[i] : most;
	for (unsigned i = 0; i < width; i++)
		line[i] = levels[((uint64_t)parts[i] * (sizeof levels - 2) + most - 1) / most];
	line[width] = 0;
	text_print(head, sizeof head, "%zu %s", n, what);
	print(out, "%*s |%s|\n", HEAD - 2, head, line);
}

static void print_bar(
	const struct timeline *t, const struct timeline_bar *b, unsigned width, FILE *out)
{
	char start[DECIMAL_TEXT], takes[DECIMAL_TEXT + 1], line[TEXT + 1];
	unsigned from = column(t, b->start_ns, width), to = column(t, b->end_ns, width);
	memset(line, ' ', width);
	memset(line + from, b->ended ? '#' : '=', to - from + 1);
	line[width] = 0;
	print(out, "%8s  %8s  %7u  %-*.*s|%s|\n", seconds_of(b->start_ns, start),
		b->ended ? time_of(b->end_ns - b->start_ns, takes) : "-", (unsigned)b->pid,
		NAME - 1, NAME - 1, b->comm, line);
}

bool timeline_text(const struct timeline *t, unsigned width, size_t rows, struct arena *a,
	FILE *out, struct err *e)
{
	struct timeline_choice chosen = timeline_choose(t, rows, a);
	uint64_t *modules = arena_array(a, t->n_modules, sizeof *modules);
	unsigned room = width - HEAD - FRAME < TEXT ? width - HEAD - FRAME : TEXT;
	size_t left = t->n_bars - chosen.shown;
	if (!modules)
		return err_nomem(e);
	for (size_t i = 0; i < t->n_modules; i++)
		modules[i] = t->modules[i].time_ns;
	print_axis(t, room, out);
	print_density(t, "files opened", t->opens, t->n_opens, room, out);
	print_density(t, "modules loaded", modules, t->n_modules, room, out);
	for (size_t i = 0; i < t->n_bars; i++)
		if (timeline_next(&chosen, &t->bars[i]))
			print_bar(t, &t->bars[i], room, out);
	if (left)
		print(out, "%zu more program%s took less time (--rows)\n", left,
			left == 1 ? "" : "s");
	return true;
}

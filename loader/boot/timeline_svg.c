/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "timeline.h"

#include "elf/base/duration.h"
#include "elf/base/format.h"
#include "loader/show/clean.h"
#include "loader/show/print.h"

#include <inttypes.h>
#include <string.h>

/* Pixels. */
enum {
	WIDTH = 1200,
	LEFT = 20,
	PLOT = WIDTH - 2 * LEFT,
	ROW = 18,
	BAR = 14,
	DENSITY = 40,              /* height of the drawing of opened files */
	PARTS = 290,               /* its columns */
	TOP = 60,                  /* above it */
	BARS = TOP + DENSITY + 40, /* above the first bar */
	TICKS = 10,
	LABEL_ROOM = 260, /* a name is written to the left of a bar that ends so near to the edge */
	TEXT = 300,
};

static int position(const struct timeline *t, uint64_t ns)
{
	double part = (double)(ns - t->start_ns) / (double)(t->end_ns - t->start_ns);
	return LEFT + (int)(part * PLOT);
}

/* Writes text as XML: names are those of files, of any bytes. */
static void put_text(FILE *out, const char *text)
{
	char clean[TEXT];
	text_print(clean, sizeof clean, "%s", text);
	clean_text(clean);
	for (const char *p = clean; *p; p++) {
		const char *entity = *p == '<'   ? "&lt;"
		                     : *p == '>' ? "&gt;"
		                     : *p == '&' ? "&amp;"
		                                 : NULL;
		if (entity)
			fputs(entity, out);
		else
			fputc(*p == '\n' || *p == '\t' ? ' ' : *p, out);
	}
}

static void put_seconds(FILE *out, uint64_t ns)
{
	print(out, "%" PRIu64 ".%03" PRIu64 " s", ns / 1000000000, ns % 1000000000 / 1000000);
}

static void put_length(FILE *out, uint64_t ns)
{
	char text[DECIMAL_TEXT];
	print(out, "%.*s", (int)time_text(text, ns, 0), text);
}

static void put_head(const struct timeline *t, size_t rows, FILE *out)
{
	int height = BARS + ROW * (int)rows + LEFT;
	print(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\">\n",
		WIDTH, height, WIDTH, height);
	fputs("<style>text{font:11px sans-serif;fill:#222}.t{font-size:15px}.g{stroke:#ddd}"
	      ".b{fill:#5b8db8}.o{fill:#9dc183}.m{stroke:#c0504d}.d{fill:#bbb}</style>\n"
	      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
		out);
	print(out, "<text class=\"t\" x=\"%d\" y=\"24\">", LEFT);
	put_seconds(out, t->start_ns);
	fputs(" to ", out);
	put_seconds(out, t->end_ns);
	print(out, " after boot: %zu programs, %zu files opened, %zu modules loaded</text>\n",
		t->n_bars, t->n_opens, t->n_modules);
	for (int i = 0; i <= TICKS; i++) {
		uint64_t ns = t->start_ns + (t->end_ns - t->start_ns) / TICKS * (unsigned)i;
		int x = position(t, ns);
		print(out,
			"<line class=\"g\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/><text x=\"%d\" "
			"y=\"%d\"%s>",
			x, TOP - 10, x, height - LEFT, x, TOP - 14,
			i == TICKS ? " text-anchor=\"end\"" : "");
		put_seconds(out, ns);
		fputs("</text>\n", out);
	}
}

static void put_density(const struct timeline *t, FILE *out)
{
	uint32_t parts[PARTS], most = 1;
	timeline_density(t, t->opens, t->n_opens, parts, PARTS);
	for (int i = 0; i < PARTS; i++)
		most = parts[i] > most ? parts[i] : most;
	for (int i = 0; i < PARTS; i++) {
		int high = (int)(((uint64_t)parts[i] * DENSITY + most - 1) / most);
		if (high)
			print(out,
				"<rect class=\"d\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\">"
				"<title>%" PRIu32 " files opened</title></rect>\n",
				LEFT + i * PLOT / PARTS, TOP + DENSITY - high, PLOT / PARTS, high,
				parts[i]);
	}
}

/* Lines through all, with their names where there is room. */
static void put_modules(const struct timeline *t, FILE *out)
{
	int last = -LABEL_ROOM;
	for (size_t i = 0; i < t->n_modules; i++) {
		const struct timeline_mark *m = &t->modules[i];
		int x = position(t, m->time_ns), y = TOP + DENSITY;
		print(out,
			"<line class=\"m\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"><title>module ",
			x, y, x, y + 10);
		put_text(out, m->name);
		fputs(", ", out);
		put_seconds(out, m->time_ns);
		fputs("</title></line>\n", out);
		if (x - last < 80 || x > LEFT + PLOT - 80)
			continue;
		print(out, "<text x=\"%d\" y=\"%d\">", x + 2, y + 20);
		put_text(out, m->name);
		fputs("</text>\n", out);
		last = x;
	}
}

static void put_bar(const struct timeline *t, const struct timeline_bar *b, size_t row, FILE *out)
{
	int x = position(t, b->start_ns), end = position(t, b->end_ns), y = BARS + ROW * (int)row;
	bool before = end > LEFT + PLOT - LABEL_ROOM;
	int label = !before ? end + 4 : x > LEFT + LABEL_ROOM ? x - 4 : x + 4;
	print(out, "<rect class=\"%c\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"><title>",
		b->ended ? 'b' : 'o', x, y, end > x ? end - x : 1, BAR);
	put_text(out, b->file);
	print(out, ", pid %" PRIu32 ", from ", b->pid);
	put_seconds(out, b->start_ns);
	if (b->ended) {
		fputs(", took ", out);
		put_length(out, b->end_ns - b->start_ns);
	}
	print(out, ", opened %" PRIu32 " files</title></rect>\n<text x=\"%d\" y=\"%d\"%s>",
		b->opens, label, y + BAR - 3, before && label < x ? " text-anchor=\"end\"" : "");
	put_text(out, b->comm);
	print(out, " (%" PRIu32 ")</text>\n", b->pid);
}

bool timeline_svg(const struct timeline *t, size_t rows, struct arena *a, FILE *out, struct err *e)
{
	struct timeline_choice chosen = timeline_choose(t, rows, a);
	size_t row = 0;
	if (a->full)
		return err_nomem(e);
	put_head(t, chosen.shown, out);
	put_density(t, out);
	put_modules(t, out);
	for (size_t i = 0; i < t->n_bars; i++)
		if (timeline_next(&chosen, &t->bars[i]))
			put_bar(t, &t->bars[i], row++, out);
	fputs("</svg>\n", out);
	return true;
}

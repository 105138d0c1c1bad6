/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include <string.h>

enum { TEXT_MAX = 40, GAP = 2 }; /* TEXT_MAX: width of a cell, unless it is the last one */

static size_t shown_rows(const struct view *w)
{
	return w->v->rows && w->n_rows > w->v->rows ? w->v->rows : w->n_rows;
}

static size_t total_width(const struct view *w)
{
	size_t total = 0;
	for (unsigned i = 0; i < w->n_columns; i++)
		total += w->columns[i].width + (i ? GAP : 0);
	return total;
}

/* Narrows the widest column of text until a line fits the terminal; numbers are never cut. */
static void shrink(struct view *w)
{
	size_t total = total_width(w);
	while (w->v->width && total > w->v->width) {
		struct column *widest = NULL;
		for (unsigned i = 0; i < w->n_columns; i++) {
			struct column *c = &w->columns[i];
			if (!c->right && c->width > CELL_MIN && c->width > strlen(c->head) &&
				(!widest || c->width > widest->width))
				widest = c;
		}
		if (!widest)
			break;
		widest->width--;
		total--;
	}
}

/* Moves columns that still do not fit to a new line. */
static void wrap(struct view *w)
{
	size_t end = 0;
	for (unsigned i = 0; w->v->width && i < w->n_columns; i++) {
		struct column *c = &w->columns[i];
		c->wraps = i && end + GAP + c->width > w->v->width;
		end = c->wraps ? GAP + c->width : end + (i ? GAP : 0) + c->width;
	}
}

/* Makes each column as wide as its content; without a terminal, the last one is never cut. */
static void measure(struct view *w)
{
	for (unsigned i = 0; i < w->n_columns; i++) {
		struct column *c = &w->columns[i];
		bool last = i + 1 == w->n_columns;
		size_t max = last ? w->v->width : TEXT_MAX;
		c->width = strlen(c->head);
		for (size_t k = 0; k < shown_rows(w); k++) {
			size_t n = view_fit_cell(NULL, &w->rows[k], c, max);
			c->width = n > c->width ? n : c->width;
		}
	}
	shrink(w);
	wrap(w);
}

static void blanks(FILE *out, size_t n)
{
	while (n--)
		fputc(' ', out);
}

/* Prints the headings (r NULL) or a row. Blanks are deferred until text follows, so that no line
 * ends with blanks. */
static void line(FILE *out, const struct view *w, const struct row *r)
{
	size_t pending = 0;
	bool below = false;
	for (unsigned i = 0; i < w->n_columns; i++) {
		const struct column *c = &w->columns[i];
		size_t n = r ? view_fit_cell(NULL, r, c, c->width) : strlen(c->head);
		if (c->wraps) {
			below = true;
			pending = GAP;
		}
		if (!n) {
			pending += c->width + GAP;
			continue;
		}
		size_t fill = c->width > n ? c->width - n : 0;
		if (below)
			fputc('\n', out);
		below = false;
		blanks(out, pending + (c->right ? fill : 0));
		if (r) {
			view_fit_cell(out, r, c, c->width);
		} else {
			struct typed_out o = {.file = out};
			typed_name(&o, c->head);
		}
		pending = GAP + (c->right ? 0 : fill);
	}
	fputc('\n', out);
}

void view_table(FILE *out, struct view *w)
{
	measure(w);
	line(out, w, NULL);
	for (size_t i = 0; i < shown_rows(w) && !view_stopped(w, out); i++)
		line(out, w, &w->rows[i]);
	if (shown_rows(w) < w->n_rows)
		fprintf(out, "... %zu more\n", w->n_rows - shown_rows(w));
}

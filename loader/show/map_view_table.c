/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include "print.h"

#include <string.h>

enum { TEXT_MAX = 40, GAP = 2 }; /* TEXT_MAX: width of a cell, unless it is the last one */

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

/* A cell's width, and its text unless that is longer than the buffer. */
struct cell {
	size_t cols, n;
	bool whole;
	char text[ROW_ROOM];
};

static void get_cell(struct cell *cell, const struct row *r, const struct column *c)
{
	struct typed_out o = {.buffer = cell->text, .room = sizeof cell->text};
	view_cell(&o, r, c);
	cell->whole = !o.cut;
	cell->n = o.n;
	if (o.cut) {
		o = (struct typed_out){0};
		view_cell(&o, r, c);
	}
	cell->cols = o.cols;
}

/* Makes a column wide enough for a cell; without a terminal, the last one is never cut. */
static void widen(const struct view *w, struct column *c, size_t cols)
{
	bool last = c == &w->columns[w->n_columns - 1];
	size_t max = last ? w->v->width : TEXT_MAX;
	cols = max && cols > max ? max : cols;
	c->width = cols > c->width ? cols : c->width;
}

/* Makes each column as wide as its content. */
static void measure(struct view *w)
{
	struct cell cell;
	for (unsigned i = 0; i < w->n_columns; i++) {
		struct column *c = &w->columns[i];
		c->width = strlen(c->head);
		for (size_t k = 0; k < w->n_rows; k++) {
			get_cell(&cell, &w->rows[k], c);
			widen(w, c, cell.cols);
		}
	}
	shrink(w);
	wrap(w);
}

static void blanks(struct typed_out *o, size_t n)
{
	typed_pad(o, o->cols + n);
}

/* Writes a cell in the width of its column. */
static void put_cell(
	struct typed_out *o, const struct cell *cell, const struct row *r, const struct column *c)
{
	if (cell->cols > c->width)
		view_fit_cell(o, r, c, c->width);
	else if (cell->whole)
		typed_put(o, cell->text, cell->n);
	else
		view_cell(o, r, c);
}

/* Prints the headings (r NULL) or a row. Blanks are deferred until text follows, so that no line
 * ends with blanks. */
static void line(FILE *out, struct view *w, const struct row *r)
{
	char text[ROW_ROOM];
	struct typed_out o = {.file = out, .buffer = text, .room = sizeof text};
	struct cell cell;
	size_t pending = 0;
	bool below = false;
	for (unsigned i = 0; i < w->n_columns; i++) {
		struct column *c = &w->columns[i];
		if (r)
			get_cell(&cell, r, c);
		if (r && w->unsorted &&
			!w->v->width) /* it was not known when the others were measured */
			widen(w, c, cell.cols);
		size_t n = r ? cell.cols : strlen(c->head);
		n = n < c->width ? n : c->width;
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
			typed_put(&o, "\n", 1);
		below = false;
		blanks(&o, pending + (c->right ? fill : 0));
		if (r)
			put_cell(&o, &cell, r, c);
		else
			typed_name(&o, c->head);
		pending = GAP + (c->right ? 0 : fill);
	}
	typed_put(&o, "\n", 1);
	typed_flush(&o);
}

void view_table_head(FILE *out, struct view *w)
{
	measure(w);
	line(out, w, NULL);
}

void view_table_rows(FILE *out, struct view *w)
{
	for (size_t i = 0; i < w->n_rows && !view_stopped(w, out); i++)
		line(out, w, &w->rows[i]);
}

void view_table(FILE *out, struct view *w)
{
	size_t all = w->all_rows + w->now->omitted - w->now->omitted_zeros;
	view_table_head(out, w);
	view_table_rows(out, w);
	if (w->n_rows < all)
		print(out, "... %zu more\n", all - w->n_rows);
}

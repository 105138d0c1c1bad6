/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "stack_view.h"

#include "print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	FRAMES_SHOWN = 12, /* per stack */
	WEIGHT_WIDTH = 9,
	FRAME_AT = 19, /* column */
};

/* Compares from the outermost frame, so that stacks with common callers are adjacent. */
static int by_text(const void *a, const void *b)
{
	const struct stack_row *x = a, *y = b;
	int order = strcmp(x->head, y->head);
	for (size_t i = 1; !order && i <= x->n && i <= y->n; i++)
		order = strcmp(x->frames[x->n - i], y->frames[y->n - i]);
	return order ? order : (x->n > y->n) - (x->n < y->n);
}

static int by_weight(const void *a, const void *b)
{
	const struct stack_row *x = a, *y = b;
	return x->weight != y->weight ? (x->weight < y->weight) - (x->weight > y->weight)
	                              : by_text(a, b);
}

static size_t merge(struct stack_row *rows, size_t n)
{
	size_t kept = 0;
	if (n)
		qsort(rows, n, sizeof *rows, by_text);
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].weight)
			continue;
		if (kept && !by_text(&rows[kept - 1], &rows[i]))
			rows[kept - 1].weight += rows[i].weight;
		else
			rows[kept++] = rows[i];
	}
	if (kept)
		qsort(rows, kept, sizeof *rows, by_weight);
	return kept;
}

/* A name in folded format, where semicolons separate frames. */
static void part(struct typed_out *o, const char *name)
{
	for (; *name; name += strcspn(name, ";")) {
		if (*name == ';') {
			typed_put(o, ":", 1);
			name++;
		}
		size_t n = strcspn(name, ";");
		typed_chars(o, (struct span){(const uint8_t *)name, n, false}, false);
	}
}

void stack_view_fold(FILE *out, const char *head, const char *const *frames, size_t n)
{
	struct typed_out o = {.file = out};
	part(&o, head);
	while (n--) {
		if (o.cols)
			typed_put(&o, ";", 1);
		part(&o, frames[n]);
	}
	if (!o.cols)
		typed_put(&o, "-", 1);
}

static void name_line(FILE *out, const char *name, size_t at, size_t width)
{
	struct span text = {(const uint8_t *)name, strlen(name), false};
	struct typed_out o = {.file = out, .cols = at}, try = {.cols = at, .max = width};
	typed_chars(&try, text, false);
	if (try.cut)
		o.max = width - 3;
	typed_chars(&o, text, false);
	fputs(try.cut ? "...\n" : "\n", out);
}

static void weight(struct typed_out *o, const struct stack_view *v, uint64_t n)
{
	if (v->unit && v->unit != UNIT_BYTES)
		typed_time(o, n, v->unit);
	else
		typed_printf(o, "%" PRIu64, n);
}

/* A percentage, right-aligned in 7 columns. */
static void share(struct typed_out *o, double percent)
{
	typed_printf(o, "%s", percent < 9.95 ? "   " : percent < 99.95 ? "  " : " ");
	typed_decimal(o, percent, 1);
	typed_printf(o, "%%");
}

/* Prints the owner and the innermost frames. Returns the number of lines. */
static unsigned tree(
	FILE *out, const struct stack_view *v, const struct stack_row *row, uint64_t total)
{
	size_t shown = row->n <= FRAMES_SHOWN ? row->n : FRAMES_SHOWN - 1;
	struct typed_out o = {.file = out}, only_count = {.file = NULL};
	size_t i = 0;
	weight(&only_count, v, row->weight);
	if (only_count.cols < WEIGHT_WIDTH)
		typed_pad(&o, WEIGHT_WIDTH - only_count.cols);
	weight(&o, v, row->weight);
	share(&o, total ? 100.0 * (double)row->weight / (double)total : 0.0);
	typed_pad(&o, o.cols < FRAME_AT ? FRAME_AT : o.cols + 1);
	name_line(out,
		*row->head ? row->head
		: row->n   ? row->frames[i++]
			   : "(no stack)",
		o.cols, v->width);
	for (; i < shown; i++) {
		print(out, "%*s", FRAME_AT, "");
		name_line(out, row->frames[i], FRAME_AT, v->width);
	}
	if (shown < row->n)
		print(out, "%*s... %zu more\n", FRAME_AT, "", row->n - shown);
	return (unsigned)(shown + (*row->head || !row->n) + (shown < row->n));
}

static void head_line(FILE *out, const struct stack_view *v, uint64_t total, size_t n)
{
	struct typed_out o = {.file = out};
	typed_name(&o, v->name);
	typed_printf(&o, ": ");
	weight(&o, v, total);
	typed_printf(&o, "%s in %zu stack%s\n", v->unit == UNIT_BYTES ? " bytes" : "", n,
		n == 1 ? "" : "s");
}

void stack_view_print(FILE *out, const struct stack_view *v, struct stack_row *rows, size_t n)
{
	uint64_t total = 0;
	unsigned lines = 0;
	n = merge(rows, n);
	for (size_t i = 0; i < n; i++)
		total += rows[i].weight;
	if (v->folded) {
		for (size_t i = 0; i < n; i++) {
			stack_view_fold(out, rows[i].head, rows[i].frames, rows[i].n);
			print(out, " %" PRIu64 "\n", rows[i].weight);
		}
		return;
	}
	head_line(out, v, total, n);
	for (size_t i = 0; i < n; i++) {
		if (v->rows && lines >= v->rows) {
			print(out, "... %zu more stack%s\n", n - i, n - i == 1 ? "" : "s");
			break;
		}
		lines += tree(out, v, &rows[i], total);
	}
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "listing.h"

#include "json.h"
#include "print.h"
#include "terminal.h"

#include "elf/base/format.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

enum { HEAD_MAX = 32, NARROWEST = 10 };

struct listing listing(
	struct arena *a, const char *what, const char *title, const char *const *heads)
{
	struct listing l = {.arena = a, .what = what, .title = title};
	while (l.cols < LISTING_COLS && heads[l.cols]) {
		l.heads[l.cols] = heads[l.cols];
		l.cols++;
	}
	return l;
}

void listing_row(struct listing *l, ...)
{
	va_list ap;
	va_start(ap, l);
	for (unsigned c = 0; c < l->cols; c++) {
		const char *text = va_arg(ap, const char *);
		char **cells = arena_grow(l->arena, l->cells, l->n, &l->room, sizeof *cells);
		if (!cells)
			break;
		l->cells = cells;
		cells[l->n] = arena_strdup(l->arena, text ? text : "");
		if (!cells[l->n])
			break;
		l->n++;
	}
	va_end(ap);
}

static const char *cell(const struct listing *l, size_t row, unsigned col)
{
	return l->cells[row * l->cols + col];
}

static bool is_number(const char *s)
{
	if (*s == '-')
		s++;
	if (!*s)
		return false;
	while (isdigit((unsigned char)*s))
		s++;
	return !*s;
}

/* JSON has no 007. Names are strings even if they consist of digits. */
static bool is_json_number(const char *head, const char *text)
{
	const char *digits = text + (*text == '-');
	return strcmp(head, "name") != 0 && is_number(text) && (*digits != '0' || !digits[1]);
}

static void print_json(const struct listing *l, FILE *out)
{
	for (size_t row = 0; row < l->n / l->cols; row++) {
		struct json j = json_start(out);
		json_open(&j, '{');
		json_member_str(&j, "what", l->what);
		for (unsigned c = 0; c < l->cols; c++) {
			const char *text = cell(l, row, c);
			if (!*text)
				continue;
			json_key(&j, l->heads[c]);
			if (is_json_number(l->heads[c], text))
				json_raw(&j, text);
			else
				json_str(&j, text);
		}
		json_close(&j);
		json_line(&j);
	}
}

/* The length of the text that fits in a column: all, or up to a good place for a break. */
static size_t piece(const char *text, size_t width)
{
	size_t n = strlen(text);
	if (n <= width)
		return n;
	static const char *const ends[] = {" ", "/._,|"};
	for (int i = 0; i < 2; i++)
		for (size_t at = width; at > width / 2; at--)
			if (strchr(ends[i], text[at - 1]))
				return at;
	return width;
}

/* Prints one line of a row, without trailing blanks; text that does not fit stays in rest. */
static void print_line(const struct listing *l, const char **rest, const size_t *width,
	const bool *right, FILE *out)
{
	size_t owed = 2; /* blanks before the next text */
	for (unsigned c = 0; c < l->cols; c++) {
		size_t n = piece(rest[c], width[c]), pad = width[c] - n, shown = n;
		while (shown && rest[c][shown - 1] == ' ')
			shown--;
		owed += right[c] ? pad : 0;
		if (shown)
			print(out, "%*s%.*s", (int)owed, "", (int)shown, rest[c]);
		owed = (shown ? n - shown : owed + n) + (right[c] ? 0 : pad) + 2;
		rest[c] += n;
	}
	fputc('\n', out);
}

static void print_row(const struct listing *l, const char **texts, const size_t *width,
	const bool *right, FILE *out)
{
	bool more = true;
	while (more) {
		print_line(l, texts, width, right, out);
		more = false;
		for (unsigned c = 0; c < l->cols; c++)
			more |= *texts[c] != 0;
	}
}

/* Takes from the widest columns until all fit a terminal. Numbers are not folded. */
static void fit(const struct listing *l, size_t *width, const bool *right)
{
	for (;;) {
		size_t all = 0;
		unsigned widest = l->cols;
		for (unsigned c = 0; c < l->cols; c++) {
			all += width[c] + 2;
			if (!right[c] && (widest == l->cols || width[c] > width[widest]))
				widest = c;
		}
		if (all <= TERMINAL_WIDTH || widest == l->cols || width[widest] <= NARROWEST)
			return;
		width[widest]--;
	}
}

void listing_print(const struct listing *l, bool json, FILE *out)
{
	size_t width[LISTING_COLS] = {0}, empty, rows = l->cols ? l->n / l->cols : 0;
	bool right[LISTING_COLS];
	if (!rows)
		return;
	if (json) {
		print_json(l, out);
		return;
	}
	for (unsigned c = 0; c < l->cols; c++) {
		width[c] = strlen(l->heads[c]);
		right[c] = true;
		empty = 0;
		for (size_t r = 0; r < rows; r++) {
			size_t n = strlen(cell(l, r, c));
			width[c] = n > width[c] ? n : width[c];
			right[c] = right[c] && (!n || is_number(cell(l, r, c)));
			empty += !n;
		}
		right[c] = right[c] && empty < rows;
	}
	fit(l, width, right);
	char heads[LISTING_COLS][HEAD_MAX];
	const char *texts[LISTING_COLS];
	for (unsigned c = 0; c < l->cols; c++) {
		text_print(heads[c], sizeof heads[c], "%s", l->heads[c]);
		for (char *p = heads[c]; *p; p++)
			*p = (char)toupper((unsigned char)*p);
		texts[c] = heads[c];
	}
	print(out, "\n%s\n", l->title);
	print_row(l, texts, width, right, out);
	for (size_t r = 0; r < rows; r++) {
		for (unsigned c = 0; c < l->cols; c++)
			texts[c] = cell(l, r, c);
		print_row(l, texts, width, right, out);
	}
}

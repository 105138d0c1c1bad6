/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "call_counts.h"

#include "loader/show/print.h"

#include "call_text.h"
#include "loader/show/json.h"
#include "plan_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COMMANDS_MAX = 4096 /* unknown numbers of commands may be many */ };

bool call_counts_add(struct call_counts *c, const struct seen *s)
{
	char command[48];
	struct call_count *row = c->rows;
	call_command(&s->plan, &s->plan.steps[0], command);
	while (row < c->rows + c->n && strcmp(row->command, command))
		row++;
	if (row == c->rows + c->n) {
		struct call_count *rows =
			c->n == COMMANDS_MAX
				? NULL
				: arena_grow(&c->arena, c->rows, c->n, &c->room, sizeof *rows);
		if (!rows)
			return false;
		c->rows = rows;
		row = &rows[c->n++];
		*row = (struct call_count){0};
		memcpy(row->command, command, sizeof command);
	}
	row->calls++;
	row->errors += s->outcome != 0;
	row->ns += s->took_ns;
	return true;
}

static int longer(const void *a, const void *b)
{
	const struct call_count *x = a, *y = b;
	return x->ns != y->ns ? (x->ns < y->ns ? 1 : -1) : strcmp(x->command, y->command);
}

static void print_row(const struct call_count *row, FILE *out)
{
	char took[24];
	print(out, "%-36s %10" PRIu64 " %10" PRIu64 " %14s\n", row->command, row->calls,
		row->errors, duration_text(row->ns, took));
}

void call_counts_print(struct call_counts *c, bool json, FILE *out)
{
	struct call_count all = {.command = "total"};
	if (c->n)
		qsort(c->rows, c->n, sizeof *c->rows, longer);
	if (!json)
		print(out, "%-36s %10s %10s %14s\n", "COMMAND", "CALLS", "ERRORS", "TIME");
	for (size_t i = 0; i < c->n; i++) {
		const struct call_count *row = &c->rows[i];
		all.calls += row->calls;
		all.errors += row->errors;
		all.ns += row->ns;
		if (!json) {
			print_row(row, out);
			continue;
		}
		struct json j = json_start(out);
		json_open(&j, '{');
		json_member_str(&j, "command", row->command);
		json_member_uint(&j, "calls", row->calls);
		json_member_uint(&j, "errors", row->errors);
		json_member_uint(&j, "ns", row->ns);
		json_close(&j);
		json_line(&j);
	}
	if (!json)
		print_row(&all, out);
	arena_free(&c->arena);
}

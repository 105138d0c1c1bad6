/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include "print.h"

#include <inttypes.h>
#include <string.h>

static void variable_rate(FILE *out, const struct view *w, const char *name, struct typed_field f)
{
	struct typed_shape s = typed_field_shape(w->v->btf, f);
	uint64_t now, then;
	if (!w->before || !w->before->n || w->elapsed < RATE_MIN_NS || s.kind != TYPED_INT ||
		s.is_signed || is_no_counter_name(name) ||
		!typed_number(w->v->btf, f, map_value(w->now, 0, 0), &now) ||
		!typed_number(w->v->btf, f, map_value(w->before, 0, 0), &then) || now <= then)
		return;
	struct typed_out o = {.file = out};
	typed_printf(&o, "  ");
	typed_rate(&o, now - then, w->elapsed);
}

static void variable(FILE *out, const struct view *w, const char *name, struct typed_field f)
{
	struct span value = map_value(w->now, 0, 0);
	size_t max = w->v->width;
	fputs("  ", out);
	struct typed_out o = {.file = out, .cols = 2};
	typed_name(&o, name);
	typed_printf(&o, " = ");
	struct typed_out try = {.cols = o.cols, .max = max > o.cols + CELL_MIN ? max : 0};
	typed_text(&try, w->v->btf, f, value, true);
	if (try.cut)
		o.max = max - 3;
	typed_text(&o, w->v->btf, f, value, true);
	if (try.cut)
		fputs("...", out);
	variable_rate(out, w, name, f);
	fputc('\n', out);
}

/* Format strings of bpf_printk() are variables, too. */
static bool is_format(const char *name)
{
	return strstr(name, "____fmt") || strstr(name, "___fmt");
}

void view_variables(FILE *out, const struct view *w, const struct typed_shape *s)
{
	struct typed_field part;
	const char *name;
	uint32_t n = 0, shown = 0;
	for (uint32_t i = 0; typed_part(s, (struct typed_field){0}, i, &name, &part); i++)
		n += !is_format(name);
	view_name(out, w->v->info->name);
	print(out, ": %" PRIu32 " variable%s\n", n, n == 1 ? "" : "s");
	for (uint32_t i = 0; w->now->n && typed_part(s, (struct typed_field){0}, i, &name, &part);
		i++) {
		if (is_format(name))
			continue;
		if (w->v->rows && shown == w->v->rows)
			break;
		variable(out, w, name, part);
		shown++;
	}
	if (w->now->n && shown < n)
		print(out, "  ... %" PRIu32 " more\n", n - shown);
}

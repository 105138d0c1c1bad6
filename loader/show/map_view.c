/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include "print.h"

#include <inttypes.h>
#include <string.h>

enum { DUMP_MAX = 256 }; /* bytes of a lone value without a type */

void view_name(FILE *out, const char *name)
{
	struct typed_out o = {.file = out};
	typed_name(&o, name);
}

static void title(FILE *out, const struct view *w)
{
	const struct map_entries *s = w->now;
	size_t n = s->n + s->omitted, hidden = w->hidden + s->omitted_zeros;
	view_name(out, w->v->info->name);
	if (w->access == MAP_PEEK)
		print(out, ": next element%s", n ? "" : " (empty)");
	else if (map_holds(w->v->info->type) != MAP_HOLDS_VALUES)
		print(out, ": %zu of %" PRIu32 " slots filled", n, w->v->info->max_entries);
	else if (w->access == MAP_INDEX && hidden == n && n)
		print(out, ": %zu slots, all zero", n);
	else if (w->access == MAP_INDEX && hidden)
		print(out, ": %zu of %zu slots are not zero", n - hidden, n);
	else if (w->access == MAP_INDEX && n)
		print(out, ": %zu slot%s", n, n == 1 ? "" : "s");
	else if (n)
		print(out, ": %zu entr%s", n, n == 1 ? "y" : "ies");
	else
		fputs(": (empty)", out);
	if (w->v->where.filter)
		print(out, ", %zu shown", w->n_rows);
	if (w->v->order) {
		fputs(", by ", out);
		view_name(out, w->order ? w->order->head : "key");
	}
	if (s->no_values)
		fputs(" (values of this map type cannot be read)", out);
	if (s->odd_hidden)
		fputs(" (a 32-bit kernel returns only the even ones)", out);
	if (s->incomplete)
		fputs(" (changed while being read: some may be missing)", out);
	fputc('\n', out);
}

static void lone_value(FILE *out, const struct view *w)
{
	struct span value = map_value(w->now, 0, 0);
	view_name(out, w->v->info->name);
	if (!w->value.btf && value.n > 8) {
		print(out, ": %zu bytes\n", value.n);
		typed_dump(out, "  ", value, DUMP_MAX);
		return;
	}
	fputs(": ", out);
	struct typed_out o = {.file = out};
	if (w->value.btf)
		typed_text(&o, w->value.btf, (struct typed_field){.type = w->v->value_type}, value,
			true);
	else
		view_value_text(&o, w, &w->value, w->value.cols, value);
	if (w->counter && w->before && view_growth(w, 0, 0)) {
		fputs("  ", out);
		view_rate_text(&o, w, 0, 0);
	}
	fputc('\n', out);
}

bool view_is_whole(const struct view *w)
{
	return !w->now->no_values &&
	       (map_view_has_stacks(w->key.btf, w->v->key_type) || view_has_distributions(w));
}

bool map_view_text(FILE *out, const struct map_view *v, const struct map_entries *now,
	const struct map_entries *before, uint64_t elapsed_ns, struct arena *a, struct err *e)
{
	struct view w = {.v = v, .now = now, .before = before, .elapsed = elapsed_ns, .a = a};
	struct typed_shape s = typed_shape(v->btf, v->value_type);
	if (s.kind == TYPED_SECTION && !map_is_percpu(v->info->type)) {
		view_variables(out, &w, &s);
		return true;
	}
	if (!view_prepare(&w, v->rows, e))
		return false;
	if (!now->no_values && map_view_has_stacks(w.key.btf, v->key_type))
		return view_stacks(out, &w, e);
	bool done = false;
	if (!now->no_values && !view_distributions(out, &w, &done, e))
		return false;
	if (done)
		return true;
	if (w.access == MAP_INDEX && now->n == 1 && v->info->max_entries == 1 && w.value.n &&
		!view_is_percpu(&w) && map_holds(v->info->type) == MAP_HOLDS_VALUES &&
		!now->no_values) {
		lone_value(out, &w);
		return true;
	}
	title(out, &w);
	if (!w.n_rows)
		return true;
	view_table(out, &w);
	return true;
}

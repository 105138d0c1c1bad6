/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include "stack_parts.h"
#include "stack_view.h"

bool map_view_has_stacks(const struct btf *b, uint32_t key_type)
{
	struct stack_parts parts;
	return stack_parts_find(&parts, b, key_type, true);
}

bool view_process(const struct map_view *v, const struct map_entries *s, size_t entry)
{
	return typed_process(v->btf, v->key_type, map_key(s, entry)) ||
	       typed_process(v->btf, v->value_type, map_value(s, entry, 0));
}

void map_view_see_processes(const struct map_view *v, const struct map_entries *now)
{
	for (size_t i = 0; i < now->n; i++)
		view_process(v, now, i);
}

bool view_stacks(FILE *out, const struct view *w, struct err *e)
{
	struct stack_row *rows = arena_array(w->a, w->now->n, sizeof *rows);
	const struct table_col *weight = w->counter ? w->counter : w->value.cols;
	const char *frames[STACK_FRAMES];
	struct stack_parts parts;
	stack_parts_find(&parts, w->v->btf, w->v->key_type, true);
	if (!rows || !w->value.n)
		return !rows ? err_nomem(e) : true;
	for (size_t entry = 0; entry < w->now->n; entry++) {
		struct stack_row *r = &rows[entry];
		struct span key = map_key(w->now, entry);
		bool process = view_process(w->v, w->now, entry);
		r->n = stack_parts_frames(&parts, key, frames, w->a);
		r->head = stack_parts_owner(&parts, key, process, w->a);
		r->frames = arena_copy(w->a, frames, r->n * sizeof *frames);
		r->weight = view_sum(w->now, weight, entry);
		if (!r->frames || !r->head)
			return err_nomem(e);
	}
	enum typed_unit unit;
	typed_variable(w->v->btf, w->v->info->name, &unit);
	const struct stack_view v = {.name = w->v->info->name,
		.unit = weight->shape.unit ? weight->shape.unit : unit,
		.folded = w->v->folded,
		.rows = w->v->rows,
		.width = w->v->width};
	stack_view_print(out, &v, rows, w->now->n);
	return true;
}

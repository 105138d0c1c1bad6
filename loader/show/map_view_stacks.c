/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include "stack_view.h"

enum { STACK_FRAMES = 2 * 127 }; /* kernel and user */

bool map_view_has_stacks(const struct btf *b, uint32_t key_type)
{
	struct typed_shape s = typed_shape(b, key_type);
	struct typed_field part;
	enum stack_kind kind;
	const char *name;
	const struct address_names *names = typed_names_of(b);
	if (!names || !names->frame)
		return false;
	for (uint32_t i = 0;
		s.kind == TYPED_STRUCT && typed_part(&s, (struct typed_field){0}, i, &name, &part);
		i++)
		if (typed_is_stack(typed_field_shape(b, part).kind, &kind))
			return true;
	return typed_is_stack(s.kind, &kind);
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

/* The owner of a stack: the string in the key, or else the name of the process. */
static const char *stack_head(const struct view *w, size_t entry, bool process)
{
	const struct address_names *names = typed_names_of(w->v->btf);
	for (unsigned i = 0; i < w->key.n; i++) {
		const struct table_col *c = &w->key.cols[i];
		if (c->kind != TYPED_STRING)
			continue;
		struct span text =
			span_sub(map_key(w->now, entry), c->field.bit_off / 8, c->shape.size);
		return arena_strndup(w->a, text.p ? (const char *)text.p : "", text.n);
	}
	return arena_strdup(w->a, process ? names->comm(names->ctx) : "");
}

/* Appends the frames of one stack, innermost first; returns the new number of frames. */
static size_t add_frames(const struct view *w, size_t entry, const struct table_col *c,
	enum stack_kind kind, const char **frames, size_t n)
{
	const struct address_names *names = typed_names_of(w->v->btf);
	uint64_t id;
	const char *name;
	if (!typed_number(w->key.btf, c->field, map_key(w->now, entry), &id))
		return n;
	for (size_t i = 0;
		n < STACK_FRAMES && (name = names->frame(names->ctx, kind, (int64_t)id, i)); i++)
		if (!(frames[n++] = arena_strdup(w->a, name)))
			return n - 1;
	return n;
}

bool view_stacks(FILE *out, const struct view *w, struct err *e)
{
	struct stack_row *rows = arena_array(w->a, w->now->n, sizeof *rows);
	const struct table_col *weight = w->counter ? w->counter : w->value.cols;
	const char *frames[STACK_FRAMES];
	if (!rows || !w->value.n)
		return !rows ? err_nomem(e) : true;
	for (size_t entry = 0; entry < w->now->n; entry++) {
		struct stack_row *r = &rows[entry];
		bool process = view_process(w->v, w->now, entry);
		/* The kernel stack is the inner part: the process has called into the kernel. */
		for (enum stack_kind kind = 0, is; kind < STACK_KINDS; kind++)
			for (unsigned i = 0; i < w->key.n; i++)
				if (typed_is_stack(w->key.cols[i].kind, &is) && is == kind)
					r->n = add_frames(
						w, entry, &w->key.cols[i], kind, frames, r->n);
		r->head = stack_head(w, entry, process);
		r->frames = arena_copy(w->a, frames, r->n * sizeof *frames);
		r->weight = view_sum(w, w->now, weight, entry);
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

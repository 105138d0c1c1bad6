/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include "elf/base/bpf_abi.h"

static const char *other_form(const struct view *w)
{
	const struct map_info *info = w->v->info;
	if (map_view_has_stacks(w->v->btf, w->v->key_type) ||
		info->type == BPF_MAP_TYPE_STACK_TRACE)
		return "stacks";
	if (view_has_distributions(w))
		return "distributions";
	if (w->access == MAP_PEEK)
		return "queues";
	if (w->access == MAP_OPAQUE)
		return "maps of this type";
	if (map_key_is_prefix(info))
		return "address prefixes";
	if (view_is_percpu(w) && !view_is_plain_number(w) && !view_only_sums(w))
		return "values by CPU";
	return NULL;
}

static void copy_columns(struct map_layout *l, const struct view *w)
{
	for (unsigned i = 0; i < w->n_columns && l->n < sizeof l->columns / sizeof *l->columns;
		i++) {
		const struct column *c = &w->columns[i];
		enum map_column_of of = c->what == KEY   ? MAP_COLUMN_KEY
		                        : c->what == SUM ? MAP_COLUMN_SUM
		                                         : MAP_COLUMN_VALUE;
		if (c->what == KEY || c->what == SUM || c->what == VALUE)
			l->columns[l->n++] = (struct map_column){of, c->col, c->head, c->right};
	}
}

bool map_layout_make(struct map_layout *l, const struct map_view *v, struct arena *a, struct err *e)
{
	const struct map_info *info = v->info;
	const struct map_entries none = {.key_size = info->key_size,
		.value_size = info->value_size,
		.stride = map_value_stride(info),
		.cpus = 1};
	struct view w = {.v = v, .now = &none, .a = a};
	*l = (struct map_layout){0};
	if (typed_shape(v->btf, v->value_type).kind == TYPED_SECTION &&
		!map_is_percpu(info->type)) {
		l->form = MAP_FORM_VARIABLES;
		return true;
	}
	if (!view_make_columns(&w, e))
		return false;
	bool values = map_holds(info->type) == MAP_HOLDS_VALUES;
	l->other = other_form(&w);
	l->indexed = w.access == MAP_INDEX;
	l->has_ids = !values;
	l->percpu = view_is_percpu(&w);
	l->key = w.key;
	l->value = w.value;
	l->untyped_key = !w.key.btf;
	l->untyped_value = !w.value.btf;
	l->counter = w.order;
	bool lone = l->indexed && info->max_entries == 1 && w.value.n && !l->percpu && values;
	l->form = l->other ? MAP_FORM_OTHER : lone ? MAP_FORM_VALUE : MAP_FORM_TABLE;
	copy_columns(l, &w);
	return true;
}

unsigned map_view_orders(const struct map_view *v)
{
	struct map_layout l;
	struct arena scratch = {0};
	struct err ignored = {0};
	unsigned n = MAP_BY_VALUE;
	if (map_layout_make(&l, v, &scratch, &ignored) && l.form == MAP_FORM_TABLE)
		while (view_sortable(&l.value, n - MAP_BY_VALUE))
			n++;
	arena_free(&scratch);
	return n;
}

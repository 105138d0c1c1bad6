/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include "loader/plan/abi.h"

#include <string.h>

enum {
	CPU_COLS = 8,     /* with more CPUs, their values are a list */
	NAMED_MAX = 4096, /* keys looked up to find out whether they are addresses */
};

bool is_no_counter_name(const char *name)
{
	static const char *const words[] = {"time", "times", "timestamp", "timestamps", "ts",
		"stamp", "start*", "begin*", "last*", "first*", "seen", "since", "deadline",
		"expire*", "min", "max", "avg", "mean", "limit", "id", "pid", "tgid", "ppid", "tid",
		"uid", "gid", "port", "sport", "dport", "addr", "ip", "flags", "mark", "ino",
		"state", "cpu", "cookie", "ifindex", "mode", "type", "nr", "config", "conf"};
	while (*name) {
		size_t n = strcspn(name, "_. ");
		for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
			size_t len = strlen(words[i]);
			bool prefix = words[i][len - 1] == '*';
			if (prefix ? n >= len - 1 && !strncmp(name, words[i], len - 1)
				   : n == len && !strncmp(name, words[i], len))
				return true;
		}
		name += n + (name[n] != 0);
	}
	return false;
}

bool view_is_counter(const struct view *w, const struct table_col *c)
{
	const char *name = strcmp(c->name, "value") ? c->name : w->v->info->name;
	uint64_t size = w->value.btf ? c->shape.size : w->now->value_size;
	return (c->kind == TYPED_INT || c->kind == TYPED_TIME || c->kind == TYPED_NONE) &&
	       !c->is_signed && !c->field.bit_size && (size == 4 || size == 8) &&
	       !is_no_counter_name(name);
}

/* Without a type, the whole record is one column. */
static bool make_columns(struct view *w, struct table *t, uint32_t type, size_t size,
	const char *head, struct err *e)
{
	if (!table_make(t, size ? w->v->btf : NULL, type, head, NULL, w->a, e))
		return false;
	if (t->n || !size)
		return true;
	struct table_col *c = arena_array(w->a, 1, sizeof *c);
	if (!c)
		return err_nomem(e);
	c->name = "value";
	c->head = head;
	c->field = (struct typed_field){.type = t->btf ? type : 0};
	c->shape = typed_shape(t->btf, type);
	c->kind = c->shape.kind;
	c->value = t->btf ? row_value_of(&c->shape, c->field) : row_number_of(size);
	t->cols = c;
	t->n = 1;
	return true;
}

static const char *value_head(uint32_t map_type)
{
	switch (map_type) {
	case BPF_MAP_TYPE_PROG_ARRAY:
		return "PROG_ID";
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		return "MAP_ID";
	case BPF_MAP_TYPE_STACK_TRACE:
		return "STACK";
	default:
		return "VALUE";
	}
}

bool view_is_percpu(const struct view *w)
{
	return map_is_percpu(w->v->info->type);
}

bool view_is_plain_number(const struct view *w)
{
	const struct table_col *c = w->value.cols;
	if (w->value.n != 1 || c->field.bit_off || c->field.bit_size)
		return false;
	uint64_t v;
	return c->kind == TYPED_INT || c->kind == TYPED_TIME ||
	       (!w->value.btf && w->now->n &&
		       typed_number(NULL, c->field, map_value(w->now, 0, 0), &v));
}

static void add_column(struct view *w, enum what what, const struct table_col *c, const char *head)
{
	if (w->n_columns == COLS)
		return;
	bool number = !c || c->kind == TYPED_INT || c->kind == TYPED_NET || c->kind == TYPED_TIME ||
	              c->kind == TYPED_HEX || c->kind == TYPED_FLOAT;
	if (c && c->kind == TYPED_NONE) { /* numbers without a type as well */
		size_t size = what == KEY ? w->now->key_size : w->now->value_size;
		number = size == 1 || size == 2 || size == 4 || size == 8;
	}
	w->columns[w->n_columns++] = (struct column){
		.what = what, .col = c, .head = head, .right = number && what != CPUS};
}

bool view_only_sums(const struct view *w)
{
	for (unsigned i = 0; i < w->value.n; i++)
		if (!view_is_counter(w, &w->value.cols[i]))
			return false;
	return !w->v->cpus;
}

static void add_values(struct view *w)
{
	bool plain = view_is_percpu(w) && view_is_plain_number(w);
	if (view_is_percpu(w) && !plain && !view_only_sums(w))
		add_column(w, WHICH, NULL, "CPU");
	for (unsigned i = 0; i < w->value.n; i++) {
		const struct table_col *c = &w->value.cols[i];
		add_column(w, plain ? SUM : VALUE, c, plain ? "TOTAL" : c->head);
		if (c == w->counter && w->before && c->kind != TYPED_TIME)
			add_column(w, RATE, c, "");
	}
	if (!plain || !w->v->cpus)
		return;
	const struct table_col *c = w->value.cols;
	if (w->now->cpus > CPU_COLS) {
		add_column(w, CPUS, c, "CPU:VALUE");
		return;
	}
	for (unsigned cpu = 0; cpu < w->now->cpus; cpu++) {
		char *head = arena_printf(w->a, "CPU%u", cpu);
		add_column(w, ON_CPU, c, head ? head : "CPU");
		w->columns[w->n_columns - 1].cpu = cpu;
	}
}

/* Shows keys as functions if all are addresses in the kernel, whatever their type. */
static void find_addresses(struct view *w, struct table_col *c)
{
	const struct address_names *names = typed_names_of(w->key.btf);
	char name[8];
	uint64_t v;
	bool fits = (c->kind == TYPED_INT || c->kind == TYPED_PTR) && c->shape.size == 8;
	if (!names || !fits || !w->now->n || w->now->n > NAMED_MAX)
		return;
	for (size_t i = 0; i < w->now->n; i++)
		if (!typed_number(w->key.btf, c->field, map_key(w->now, i), &v) ||
			v >> 48 != 0xffff ||
			!names->address(names->ctx, false, v, name, sizeof name))
			return;
	c->kind = c->shape.kind = TYPED_KADDR;
	c->value = row_value_of(&c->shape, c->field);
	w->key.named = true;
}

bool view_prepare(struct view *w, size_t limit, struct err *e)
{
	return view_make_columns(w, e) && view_make_rows(w, limit, e);
}

const struct table_col *view_sortable(const struct table *value, unsigned n)
{
	for (unsigned i = 0; i < value->n; i++) {
		const struct table_col *c = &value->cols[i];
		bool number = c->kind == TYPED_INT || c->kind == TYPED_TIME;
		if (number && !c->is_signed && !n--)
			return c;
	}
	return NULL;
}

/* The column that decides; NULL: the key. */
static const struct table_col *order_of(const struct view *w)
{
	bool tree = w->v->info->type == BPF_MAP_TYPE_LPM_TRIE;
	if (w->v->order >= MAP_BY_VALUE)
		return view_sortable(&w->value, w->v->order - MAP_BY_VALUE);
	bool by_counter = w->v->order == MAP_BY_DEFAULT && w->access == MAP_WALK && !tree;
	return by_counter && w->counter == w->value.cols ? w->counter : NULL;
}

bool view_make_columns(struct view *w, struct err *e)
{
	const struct map_info *info = w->v->info;
	w->access = map_access(info->type);
	const char *key_head = w->access == MAP_INDEX ? "INDEX" : "KEY";
	if (!make_columns(w, &w->key, w->v->key_type, w->now->key_size, key_head, e))
		return false;
	uint32_t value_type = map_holds(info->type) != MAP_HOLDS_VALUES ? 0 : w->v->value_type;
	if (!w->now->no_values && !make_columns(w, &w->value, value_type, w->now->value_size,
					  value_head(info->type), e))
		return false;
	if (w->value.n && map_holds(info->type) == MAP_HOLDS_VALUES && w->access != MAP_PEEK)
		for (unsigned i = 0; i < w->value.n && !w->counter; i++)
			if (view_is_counter(w, &w->value.cols[i]))
				w->counter = &w->value.cols[i];
	for (unsigned i = 0; i < w->key.n; i++)
		find_addresses(w, &w->key.cols[i]);
	w->order = order_of(w);
	for (unsigned i = 0; i < w->key.n && !map_key_is_prefix(w->v->info); i++)
		add_column(w, KEY, &w->key.cols[i], w->key.cols[i].head);
	if (map_key_is_prefix(w->v->info)) {
		add_column(w, KEY, NULL, "PREFIX");
		w->columns[0].right = false;
	}
	add_values(w);
	return true;
}

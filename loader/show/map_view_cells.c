/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include "loader/plan/abi.h"

#include <inttypes.h>
#include <string.h>

enum { SYMBOL_MAX = 600 };

static uint64_t number_on(
	const struct map_entries *s, const struct table_col *c, size_t entry, unsigned cpu)
{
	uint64_t v = 0;
	typed_shape_number(&c->shape, c->field, map_value(s, entry, cpu), &v);
	return v;
}

uint64_t view_sum(const struct map_entries *s, const struct table_col *c, size_t entry)
{
	uint64_t sum = 0;
	for (unsigned cpu = 0; cpu < s->cpus; cpu++)
		sum += number_on(s, c, entry, cpu);
	return sum;
}

bool view_is_zero(const struct map_entries *s, size_t entry, int cpu)
{
	size_t n = cpu == ALL_CPUS ? s->stride * s->cpus : s->value_size;
	const uint8_t *p = map_value(s, entry, cpu == ALL_CPUS ? 0 : (unsigned)cpu).p;
	return !n || (!p[0] && !memcmp(p, p + 1, n - 1));
}

uint64_t view_growth(const struct view *w, size_t entry, int cpu)
{
	const struct map_entries *old = w->before;
	size_t was = old->key_size ? map_find(old, map_key(w->now, entry).p) : SIZE_MAX;
	if (was == SIZE_MAX && old->omitted)
		return 0; /* unknown: it may be one of those */
	bool all = cpu == ALL_CPUS || !view_is_percpu(w) || view_is_plain_number(w);
	uint64_t now = all ? view_sum(w->now, w->counter, entry)
	                   : number_on(w->now, w->counter, entry, (unsigned)cpu);
	uint64_t then = 0;
	if (was != SIZE_MAX && old->cpus == w->now->cpus)
		then = all ? view_sum(old, w->counter, was)
		           : number_on(old, w->counter, was, (unsigned)cpu);
	return now > then ? now - then : 0;
}

void view_rate_text(struct typed_out *o, const struct view *w, size_t entry, int cpu)
{
	uint64_t more = view_growth(w, entry, cpu);
	if (!more || w->elapsed < RATE_MIN_NS)
		return;
	typed_rate(o, more, w->elapsed);
}

/* The value of a stack map: user addresses are not resolved, as the process is unknown. */
static void stack_text(struct typed_out *o, const struct view *w, struct span value)
{
	const struct address_names *names = typed_names_of(w->v->btf);
	char name[SYMBOL_MAX];
	for (size_t i = 0; i + 8 <= value.n && span_u64(value, i); i += 8) {
		uint64_t address = span_u64(value, i);
		typed_printf(o, i ? " " : "");
		if (names && address >> 63 &&
			names->address(names->ctx, false, address, name, sizeof name))
			typed_name(o, name);
		else
			typed_printf(o, "0x%" PRIx64, address);
	}
}

static void prefix_text(struct typed_out *o, struct span key)
{
	char text[IP_TEXT];
	if (key.n == PREFIX_BITS + IP4_BYTES || key.n == PREFIX_BITS + IP6_BYTES)
		typed_printf(o, "%s/%" PRIu32,
			ip_text(key.p + PREFIX_BITS, key.n - PREFIX_BITS, text), span_u32(key, 0));
}

void view_value_text(struct typed_out *o, const struct view *w, const struct table *t,
	const struct table_col *c, struct span record)
{
	uint64_t v;
	if (row_text(o, &c->value, record))
		return;
	if (!t->btf && t == &w->value && w->v->info->type == BPF_MAP_TYPE_STACK_TRACE)
		stack_text(o, w, record);
	else if (!t->btf && typed_number(NULL, c->field, record, &v))
		typed_printf(o, "%" PRIu64, v);
	else
		typed_shaped(o, t->btf, &c->shape, c->field, record);
}

/* User addresses in a value belong to the process in the value, or else in the key. */
static void find_process(const struct view *w, size_t entry)
{
	if (w->value.named &&
		!typed_process(w->value.btf, w->value.type, map_value(w->now, entry, 0)))
		typed_process(w->key.btf, w->key.type, map_key(w->now, entry));
}

static void list_cpus(
	struct typed_out *o, const struct view *w, const struct table_col *c, size_t entry)
{
	for (unsigned cpu = 0; cpu < w->now->cpus; cpu++) {
		if (view_is_zero(w->now, entry, (int)cpu))
			continue;
		typed_printf(o, "%s%u:", o->cols ? " " : "", cpu);
		view_value_text(o, w, &w->value, c, map_value(w->now, entry, cpu));
	}
}

static void number_text(struct typed_out *o, const struct table_col *c, uint64_t v)
{
	if (c->kind == TYPED_TIME)
		typed_time(o, v, c->shape.unit);
	else if (c->is_signed)
		typed_printf(o, "%" PRId64, (int64_t)v);
	else
		typed_printf(o, "%" PRIu64, v);
}

void view_cell(struct typed_out *o, const struct row *r, const struct column *c)
{
	const struct view *w = r->view;
	switch (c->what) {
	case KEY:
		if (w->key.named)
			typed_process(w->key.btf, w->key.type, map_key(w->now, r->entry));
		if (map_key_is_prefix(w->v->info))
			prefix_text(o, map_key(w->now, r->entry));
		else
			view_value_text(o, w, &w->key, c->col, map_key(w->now, r->entry));
		break;
	case VALUE:
		find_process(w, r->entry);
		if (r->cpu != ALL_CPUS)
			view_value_text(o, w, &w->value, c->col,
				map_value(w->now, r->entry, (unsigned)r->cpu));
		else if (view_is_counter(w, c->col))
			number_text(o, c->col, view_sum(w->now, c->col, r->entry));
		break;
	case SUM:
		number_text(o, c->col, view_sum(w->now, c->col, r->entry));
		break;
	case ON_CPU:
		view_value_text(o, w, &w->value, c->col, map_value(w->now, r->entry, c->cpu));
		break;
	case CPUS:
		list_cpus(o, w, c->col, r->entry);
		break;
	case WHICH:
		if (r->cpu == ALL_CPUS)
			typed_printf(o, "all");
		else
			typed_printf(o, "%d", r->cpu);
		break;
	case RATE:
		view_rate_text(o, w, r->entry, r->cpu);
		break;
	}
}

void view_fit_cell(struct typed_out *out, const struct row *r, const struct column *c, size_t max)
{
	struct typed_out o = *out;
	o.cols = 0;
	o.max = max > 3 ? max - 3 : 1;
	view_cell(&o, r, c);
	o.cut = false;
	o.max = 0;
	typed_put(&o, "...", 3);
	out->n = o.n;
}

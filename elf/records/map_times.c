/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Times in the values of maps: where a program keeps the start of what it measures. A time that is read
 * from there and subtracted from another one gives a duration.
 *
 * Only an offset at which nothing else is ever written holds a time: all calls that update elements
 * have a time of the same clock there, or 0, and so have all stores through the addresses of elements.
 */
#include "writes_impl.h"

enum { TIMES_MAX = 64 };

/* Notes the times in a value that is on the stack. Other values contain none. */
static void see_update(struct writes *w, const struct flow_state *s)
{
	struct value map = s->reg[1], from = s->reg[3];
	if (map.kind != VALUE_MAP)
		return;
	w->updates[map.id]++;
	for (unsigned i = 0; i < s->n_slots && from.kind == VALUE_STACK && !from.vague; i++) {
		const struct flow_slot *slot = &s->slots[i];
		int64_t off = (int64_t)slot->off - from.off;
		bool zero = slot->v.kind == VALUE_NUMBER && !slot->v.off;
		if (slot->width != 8 || off < 0 || off + 8 > w->o->maps[map.id].value_size ||
			!(zero || flow_is_time(slot->v)))
			continue;
		struct put *list =
			arena_grow(w->arena, w->puts, w->n_puts, &w->puts_room, sizeof *list);
		if (!list)
			return;
		w->puts = list;
		list[w->n_puts++] = (struct put){map.id, (int32_t)off, slot->v.means};
	}
}

/* Whether a helper writes a value, argument 3, to a map, argument 1. */
static bool updates_element(struct insn insn, const struct flow_state *s)
{
	if (!insn_calls_helper(insn))
		return false;
	switch (insn.imm) {
	case BPF_FUNC_map_update_elem:
		return true;
	case BPF_FUNC_sk_storage_get: /* NULL: zeros */
	case BPF_FUNC_inode_storage_get:
	case BPF_FUNC_task_storage_get:
	case BPF_FUNC_cgrp_storage_get:
		return s->reg[3].kind != VALUE_NUMBER || s->reg[3].off;
	default:
		return false;
	}
}

void map_times_see(struct writes *w, struct insn insn, const struct flow_state *s)
{
	if (updates_element(insn, s))
		see_update(w, s);
}

/* Whether a value is the address of an element of a map. */
static bool is_element(struct value v, uint32_t map)
{
	return v.kind == VALUE_RESULT && v.id == map + 1;
}

/* Whether anything is written through a name of memory that is one of several places. */
static bool is_written(struct writes *w, struct value either)
{
	bool written = false;
	for (size_t i = 0; i < w->n && !written; i++)
		written = writes_same_memory(w->items[i].to, either);
	for (size_t i = 0; i < w->n_aliases && !written; i++)
		written = writes_same_memory(w->aliases[i].is, either);
	for (size_t i = 0; i < w->n_passings && !written; i++)
		for (unsigned r = 0; r < 5; r++)
			written |= writes_same_memory(w->passings[i].args[r], either);
	return written || !writes_spend(w, w->n + w->n_aliases + w->n_passings);
}

/* Whether elements of a map may be written through other names of their addresses. */
static bool is_shared(struct writes *w, uint32_t map)
{
	bool shared = false;
	for (size_t i = 0; i < w->n_passings && !shared; i++)
		for (unsigned r = 0; r < 5; r++)
			shared |= is_element(w->passings[i].args[r], map);
	for (size_t i = 0; i < w->n_aliases && !shared; i++)
		shared = is_element(w->aliases[i].is, map) && is_written(w, w->aliases[i].either);
	return shared;
}

/* Whether all writes to the 8 bytes at an offset of a map's values write this time, or 0. */
static bool always_holds(struct writes *w, struct flow_time t)
{
	uint32_t updates = 0;
	if (is_shared(w, t.map))
		return false;
	for (size_t i = 0; i < w->n_puts; i++) {
		const struct put *p = &w->puts[i];
		updates += p->map == t.map && p->off == t.off && (!p->means || p->means == t.means);
	}
	for (size_t i = 0; i < w->n; i++) {
		const struct write *x = &w->items[i];
		int64_t off = x->to.off, end = off + (x->len ? x->len : x->most);
		if (!is_element(x->to, t.map))
			continue;
		bool zero = x->kind == WRITE_STORE && x->v.kind == VALUE_NUMBER && !x->v.off;
		bool same = x->kind == WRITE_STORE && off == t.off && x->len == 8 &&
		            flow_is_time(x->v) && x->v.means == t.means;
		if (x->to.vague ||
			(off < t.off + 8 && (end > t.off || end == off) && !zero && !same))
			return false;
	}
	return updates == w->updates[t.map];
}

struct flow_time *map_times_find(struct writes *w, size_t *n)
{
	struct flow_time *times = arena_array(w->arena, TIMES_MAX, sizeof *times);
	*n = 0;
	for (size_t i = 0; times && i < w->n_puts + w->n && *n < TIMES_MAX; i++) {
		const struct write *x = i < w->n_puts ? NULL : &w->items[i - w->n_puts];
		bool store = x && x->kind == WRITE_STORE && x->to.kind == VALUE_RESULT &&
		             x->to.id && flow_is_time(x->v) && writes_spend(w, 1);
		if (x && !store)
			continue;
		const struct put *p = x ? NULL : &w->puts[i];
		struct flow_time new = x ? (struct flow_time){x->to.id - 1, x->to.off, x->v.means}
		                         : (struct flow_time){p->map, p->off, p->means};
		bool known = !new.means;
		for (size_t k = 0; k < *n; k++)
			known |= times[k].map == new.map &&times[k].off == new.off;
		if (!known && writes_spend(w, w->n + w->n_puts + w->n_passings + w->n_aliases) &&
			always_holds(w, new))
			times[(*n)++] = new;
	}
	return times;
}

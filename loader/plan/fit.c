/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "fit.h"

#include "abi.h"
#include "builder.h"

#include <errno.h>

static bool is_per_cpu(const struct plan_step *s)
{
	return s->flags & STEP_EACH_CPU;
}

/* ---- sizes of maps ---- */

static bool is_ring(uint32_t type)
{
	return type == BPF_MAP_TYPE_RINGBUF || type == BPF_MAP_TYPE_USER_RINGBUF;
}

static uint32_t entries_on(const struct machine *m, uint32_t type, uint32_t entries)
{
	if (entries == PLAN_POSSIBLE_CPUS)
		return m->possible_cpus;
	if (!is_ring(type))
		return entries;
	uint64_t size = m->page_size;
	while (size < entries && size < (uint64_t)1 << 31)
		size *= 2;
	return (uint32_t)size;
}

/* The bytes of a 4-byte field of the step's attr, NULL if it ends before. */
static uint8_t *field(const struct plan *p, const struct plan_step *s, struct attr_field f)
{
	const struct plan_blob *attr = &p->blobs[s->attr];
	return f.at + f.size <= attr->size ? attr->bytes + f.at : NULL;
}

static bool creates_map(const struct plan_step *s)
{
	return s->op == STEP_BPF && s->cmd == BPF_MAP_CREATE && s->attr != PLAN_NONE;
}

static void fit_maps(struct plan *p, const struct machine *m)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		uint8_t *type = creates_map(s) ? field(p, s, ATTR(map_type)) : NULL;
		uint8_t *entries = type ? field(p, s, ATTR(max_entries)) : NULL;
		if (entries)
			bytes_put(entries, 4, p->big,
				entries_on(m, (uint32_t)bytes_get(type, 4, p->big),
					(uint32_t)bytes_get(entries, 4, p->big)));
	}
	for (size_t i = 0; i < p->n_maps; i++)
		p->maps[i].max_entries = entries_on(m, p->maps[i].map_type, p->maps[i].max_entries);
}

/* ---- steps for each CPU ---- */

/* A plan whose steps move. */
struct moving {
	struct plan_builder b;
	struct plan_step *steps; /* the new ones */
	size_t n;
	int16_t *moved; /* by old index: the new one, of the first repetition in a group */
	int16_t *slots; /* by old slot: the one of this repetition */
	size_t n_slots; /* of old ones */
};

/* Patches that refer to slots of the group refer to those of the repetition. */
static int16_t copy_blob(struct moving *w, int16_t index)
{
	const struct plan_blob old = w->b.plan->blobs[index];
	int16_t copy = plan_add_blob(&w->b, old.bytes, old.size, old.what);
	for (size_t i = 0; i < old.n_patches; i++) {
		struct plan_patch patch = old.patches[i];
		if (patch.what != PATCH_BLOB)
			patch.index = (uint16_t)w->slots[patch.index];
		plan_add_patch(&w->b, copy, patch);
	}
	return copy;
}

/* The new index of a step that another one refers to. Steps from `first` on are in the same repetition, which
 * begins at `at`. */
static int64_t moved_to(const struct moving *w, int64_t step, size_t first, size_t at)
{
	if (step == PLAN_NONE)
		return PLAN_NONE;
	return step >= (int64_t)first ? (int64_t)at + step - (int64_t)first : w->moved[step];
}

static void refer(const struct moving *w, struct plan_step *s, size_t first, size_t at)
{
	const struct step_op_info *op = step_op_info(s->op);
	s->fallback_for = (int16_t)moved_to(w, s->fallback_for, first, at);
	s->undoes = (int16_t)moved_to(w, s->undoes, first, at);
	for (int k = 0; k < PLAN_ARGS; k++)
		if (op->args[k] == ARG_MAP_STEP)
			s->args[k].value = moved_to(w, s->args[k].value, first, at);
}

/* Copies the group first..end for a CPU. The first CPU has the slots and blobs of the plan. */
static void add_group(struct moving *w, size_t first, size_t end, unsigned cpu, bool again)
{
	struct plan *p = w->b.plan;
	const size_t at = w->n;
	for (size_t i = 0; i < w->n_slots && again; i++)
		w->slots[i] = (int16_t)i;
	for (size_t i = first; i < end && again; i++) {
		int16_t slot = p->steps[i].slot;
		if (slot != PLAN_NONE && w->slots[slot] == slot)
			w->slots[slot] =
				plan_add_slot(&w->b, p->slots[slot].kind, p->slots[slot].name);
	}
	for (size_t i = first; i < end && !w->b.failed; i++) {
		struct plan_step *s = &w->steps[w->n++];
		*s = p->steps[i];
		s->flags = (uint16_t)((s->flags & ~STEP_EACH_CPU) | STEP_ONE_CPU);
		s->doing = plan_text(&w->b, arena_printf(p->arena, "%s CPU %u", s->doing, cpu));
		if (s->op == STEP_PERF_OPEN && s->args[1].value == PLAN_CPU)
			s->args[1].value = cpu;
		if (s->op == STEP_PERF_OPEN)
			s->tolerated[0] = ENODEV; /* it is offline, maybe not for ever */
		refer(w, s, first, at);
		if (!again)
			continue;
		s->flags &= (uint16_t)~STEP_NOTICE;
		s->attr = s->attr == PLAN_NONE ? PLAN_NONE : copy_blob(w, s->attr);
		s->slot = s->slot == PLAN_NONE ? PLAN_NONE : w->slots[s->slot];
		for (int k = 0; k < PLAN_ARGS; k++)
			if (s->args[k].slot != PLAN_NONE)
				s->args[k].slot = w->slots[s->args[k].slot];
	}
}

static void move_step(struct moving *w, size_t i)
{
	struct plan_step *s = &w->steps[w->n];
	*s = w->b.plan->steps[i];
	refer(w, s, i, w->n);
	w->moved[i] = (int16_t)w->n++;
}

/* The end of the group that begins with step i: steps for each CPU that have the same program. */
static size_t group_end(const struct plan *p, size_t i)
{
	size_t end = i;
	while (end < p->n_steps && is_per_cpu(&p->steps[end]) &&
		p->steps[end].prog == p->steps[i].prog)
		end++;
	return end;
}

static bool repeat_steps(struct plan *p, const struct machine *m, struct err *e)
{
	size_t n = 0;
	for (size_t i = 0; i < p->n_steps; i++)
		n += is_per_cpu(&p->steps[i]) ? m->n_cpus : 1;
	if (n > INT16_MAX)
		return err_set(e, "%s: %zu steps on %zu CPUs: a plan is limited to %d", p->path, n,
			m->n_cpus, INT16_MAX);
	struct moving w = {.b = {.plan = p, .e = e},
		.steps = arena_array(p->arena, n, sizeof *w.steps),
		.moved = arena_array(p->arena, p->n_steps, sizeof *w.moved),
		.slots = arena_array(p->arena, p->n_slots, sizeof *w.slots),
		.n_slots = p->n_slots};
	if (!w.steps || !w.moved || !w.slots)
		return err_nomem(e);
	for (size_t i = 0; i < p->n_steps && !w.b.failed; i++) {
		size_t end = group_end(p, i);
		if (end == i) {
			move_step(&w, i);
			continue;
		}
		for (size_t k = i; k < end; k++)
			w.moved[k] = (int16_t)(w.n + k - i);
		for (size_t c = 0; c < m->n_cpus && !w.b.failed; c++)
			add_group(&w, i, end, m->cpus[c], c > 0);
		i = end - 1;
	}
	for (size_t i = 0; i < w.n && !w.b.failed; i++)
		if (w.steps[i].op == STEP_SAME_LINK)
			w.steps[i].args[1].value = w.moved[w.steps[i].args[1].value];
	p->steps = w.steps;
	p->n_steps = p->steps_room = w.n;
	return !w.b.failed;
}

/* ---- the plan ---- */

unsigned plan_fit_needs(const struct plan *p)
{
	unsigned needs = 0;
	for (size_t i = 0; i < p->n_steps; i++)
		needs |= is_per_cpu(&p->steps[i]) ? FIT_CPUS : 0;
	for (size_t i = 0; i < p->n_maps; i++)
		needs |= p->maps[i].max_entries == PLAN_POSSIBLE_CPUS ? FIT_POSSIBLE : 0;
	return needs;
}

bool plan_fit(struct plan *p, const struct machine *m, struct err *e)
{
	if (p->page_size && p->page_size != m->page_size) {
		err_set(e, "%s: made for pages of %u bytes, this machine's have %u", p->path,
			p->page_size, m->page_size);
		return err_hint(e, "where an arena's variables are depends on it: make the plan "
				   "again from the object");
	}
	fit_maps(p, m);
	for (size_t i = 0; i < p->n_steps; i++)
		if (is_per_cpu(&p->steps[i])) {
			if (!repeat_steps(p, m, e))
				return false;
			break;
		}
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].op == STEP_PERF_OPEN && p->steps[i].args[1].value == PLAN_CPU)
			p->steps[i].args[1].value = m->online;
	return true;
}

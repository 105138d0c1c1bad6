/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The object's types are loaded first: maps, function info and line info refer to them. A kernel
 * rejects all types if it does not know the kind of one. So there is a fallback for each generation
 * of kernels that lacks a kind in use. Programs also run without types.
 */
#include "planner_impl.h"

#include "elf/btf/btf_append.h"
#include "elf/btf/btf_sanitise.h"
#include "loader/plan/abi.h"

#include <errno.h>

/* A fallback with the types rewritten for older kernels. */
static int16_t plan_older_types(
	struct build *w, int16_t step, const struct btf *btf, enum btf_level level)
{
	struct plan_builder *b = &w->b;
	struct span old = btf_sanitise(btf, level, w->o->arena, b->e); /* the blob is a copy */
	if (b->e->set)
		b->failed = true;
	int16_t other = plan_add_fallback(b, step,
		plan_text(&w->b,
			arena_printf(w->p->arena, "without %s", btf_level_facts[level].drops)),
		(uint16_t[PLAN_ERRS]){EINVAL});
	attr_blob(b, other, ATTR(btf), plan_add_blob(b, old.p, old.n, "BTF"));
	attr_set(b, other, ATTR(btf_size), old.n);
	return other;
}

static bool plan_record_types(struct build *w, const struct btf *btf, struct span *shown)
{
	w->events = arena_array(w->o->arena, w->o->n_maps + w->o->n_funcs, sizeof *w->events);
	if (!w->events)
		return err_nomem(w->b.e);
	return w->opt->records->find(
		w->o, btf, w->opt->from, w->o->arena, w->events, shown, w->b.e);
}

/*
 * The types for display: those of the object, followed by types of records that only the debug
 * information contains. The latter are not loaded into the kernel.
 */
static bool plan_shown_types(struct build *w, const struct btf *btf)
{
	const struct record_finder *records = w->opt->records;
	struct span shown = btf->data;
	if (records && !plan_record_types(w, btf, &shown))
		return false;
	if (shown.p == btf->data.p && btf->end == 1)
		return true;
	w->p->btf = (struct span){arena_copy(w->p->arena, shown.p, shown.n), shown.n, shown.big};
	return w->p->btf.p || err_nomem(w->b.e);
}

/* The types for the kernel, which does not accept all names that the object may use. */
static bool make_plain(struct build *w, struct btf *btf)
{
	struct span plain = btf_normalise(btf, w->o->arena, w->b.e);
	return plain.p == btf->data.p ||
	       (plain.p && btf_open(btf, plain, NULL, w->o->arena, w->b.e));
}

void plan_types(struct build *w)
{
	struct plan_builder *b = &w->b;
	struct btf btf;
	struct span own = w->image->btf.n ? w->image->btf : btf_empty(w->o->elf.file.big);
	if (b->failed)
		return;
	if (!btf_open(&btf, own, NULL, w->o->arena, b->e) || !plan_shown_types(w, &btf) ||
		!make_plain(w, &btf)) {
		b->failed = true;
		return;
	}
	if (!w->image->btf.n)
		return;
	struct plan_step like = {.who = "types", .doing = "load", .prog = PLAN_NONE};
	w->btf_slot = plan_add_slot(b, SLOT_BTF, "types");
	int16_t step = plan_add_step(b, STEP_BPF, BPF_BTF_LOAD, w->btf_slot, &like);
	int16_t blob = plan_add_blob(b, btf.data.p, btf.data.n, "BTF");
	attr_blob(b, step, ATTR(btf), blob);
	attr_set(b, step, ATTR(btf_size), btf.data.n);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_MEMLOCK;
	/* Programs run without types. */
	plan_tolerate(b, step, (uint16_t[PLAN_ERRS]){EINVAL, E2BIG, EPERM, ENOTSUPP_KERNEL});
	uint32_t levels = btf_levels_of(&btf);
	for (int level = 0; level < BTF_LEVELS && !b->failed; level++)
		if (levels >> level & 1 &&
			planner_serves_before(w, ABI_VERSION(btf_level_facts[level].major,
							 btf_level_facts[level].minor)))
			step = plan_older_types(w, step, &btf, (enum btf_level)level);
}

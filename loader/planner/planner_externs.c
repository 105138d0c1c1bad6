/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Externs that are resolved when the plan runs: addresses of symbols, which change with each boot,
 * and file descriptors for the BTF of modules.
 */
#include "planner_impl.h"

#include "loader/hook/attach_btf.h"

#include <errno.h>

/* Whether any program of the image refers to it. */
static bool is_referred(const struct image *image, enum image_ref_kind kind, uint32_t index)
{
	for (size_t i = 0; i < image->n_progs; i++)
		for (size_t k = 0; k < image->progs[i].n_refs; k++) {
			const struct image_ref *ref = &image->progs[i].refs[k];
			if (ref->kind == kind && ref->index == index)
				return true;
		}
	return false;
}

static int16_t name_blob(struct build *w, const char *name)
{
	return plan_add_blob(&w->b, name, strlen(name) + 1, "name");
}

static int16_t plan_address(struct build *w, const struct obj_extern *x)
{
	struct plan_step like = {.prog = PLAN_NONE,
		.doing = "find",
		.who = plan_text(&w->b, arena_printf(w->p->arena, "symbol '%s'", x->name))};
	int16_t name = name_blob(w, x->name);
	int16_t slot = plan_add_slot(
		&w->b, SLOT_NUMBER, plan_text(&w->b, arena_strdup(w->p->arena, x->name)));
	int16_t step = plan_add_step(&w->b, STEP_SYMBOL, 0, slot, &like);
	struct plan_step *s = plan_step_at(&w->b, step);
	s->args[0].blob = name;
	s->args[1].value = x->weak;
	plan_add_hint(
		&w->b, step, ESRCH, "if declared __weak it may be missing: its address is then 0");
	plan_add_hint(&w->b, step, ENOTUNIQ, "several kernel symbols have this name");
	plan_add_hint(&w->b, step, EPERM,
		"the kernel hides addresses: sysctl kernel.kptr_restrict=1, and run as root");
	return slot;
}

/* The table contains slot + 1, so that zeroed memory is an empty table. */
int16_t planner_module_slot(struct build *w, uint32_t index)
{
	if (index >= w->n_module_slots) {
		size_t n = w->t->types.n;
		int16_t *slots = arena_array(w->o->arena, n, sizeof *slots);
		if (!slots || index >= n) {
			plan_fail_memory(&w->b);
			return PLAN_NONE;
		}
		if (w->n_module_slots)
			memcpy(slots, w->module_slots, w->n_module_slots * sizeof *slots);
		w->module_slots = slots;
		w->n_module_slots = n;
	}
	if (!w->module_slots[index] && !w->b.failed)
		w->module_slots[index] =
			(int16_t)(attach_btf_module(
					  &w->b, plan_text(&w->b, arena_strdup(w->p->arena,
									  w->t->modules[index]))) +
				  1);
	return (int16_t)(w->module_slots[index] - 1);
}

/* Element 0 is reserved for the kernel itself and never read. */
static void plan_fd_array(struct build *w)
{
	const struct image *image = w->image;
	w->fd_array = plan_add_blob(&w->b, NULL, (image->n_modules + 1) * 4, "fd_array");
	for (size_t i = 0; i < image->n_modules && !w->b.failed; i++)
		plan_add_patch(&w->b, w->fd_array,
			(struct plan_patch){.at = (uint32_t)(i + 1) * 4,
				.size = 4,
				.what = PATCH_SLOT,
				.index = (uint16_t)planner_module_slot(w, image->modules[i])});
}

void plan_externs(struct build *w)
{
	const struct object *o = w->o;
	w->symbol_slots = arena_array(o->arena, o->n_externs, sizeof *w->symbol_slots);
	if (!w->symbol_slots) {
		plan_fail_memory(&w->b);
		return;
	}
	for (uint32_t i = 0; i < o->n_externs && !w->b.failed; i++)
		if (is_referred(w->image, REF_ADDRESS, i))
			w->symbol_slots[i] = plan_address(w, &o->externs[i]);
	for (uint32_t i = 1; i < w->t->types.n && !w->b.failed; i++)
		if (is_referred(w->image, REF_MODULE, i))
			planner_module_slot(w, i);
	for (size_t i = 0; i < w->image->n_modules && !w->b.failed; i++)
		planner_module_slot(w, w->image->modules[i]);
	if (w->image->n_modules && !w->b.failed)
		plan_fd_array(w);
}

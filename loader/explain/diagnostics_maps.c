/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "diagnostics_impl.h"

#include "loader/plan/abi.h"
#include "elf/link/ctx_use.h"

enum { MAP_UPDATE_ELEM = 2 }; /* the helper */

/* The slot that a BPF_MAP_UPDATE_ELEM step puts into this field, or PLAN_NONE. */
static int updated_slot(const struct plan *p, const struct plan_step *s, struct attr_field field)
{
	if (s->op != STEP_BPF || s->cmd != BPF_MAP_UPDATE_ELEM)
		return PLAN_NONE;
	const struct plan_blob *attr = &p->blobs[s->attr];
	for (size_t i = 0; i < attr->n_patches; i++) {
		const struct plan_patch *patch = &attr->patches[i];
		if (patch->at != field.at)
			continue;
		if (patch->what == PATCH_SLOT)
			return patch->index;
		const struct plan_blob *b = &p->blobs[patch->index];
		return b->n_patches && b->patches[0].what == PATCH_SLOT ? b->patches[0].index
		                                                        : PLAN_NONE;
	}
	return PLAN_NONE;
}

static bool is_filled(const struct plan *p, const struct plan_map *m)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (updated_slot(p, &p->steps[i], ATTR(map_fd)) == m->slot)
			return true;
	return false;
}

static bool is_growing(uint32_t map_type)
{
	switch (map_type) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_LPM_TRIE:
		return true;
	default:
		return false;
	}
}

static bool any_calls(const struct plan *p, int32_t helper)
{
	for (size_t i = 0; i < p->n_progs; i++) {
		const struct plan_blob *code = diagnostics_code(p, &p->progs[i]);
		if (ctxuse_calls(code->bytes, code->size / 8, p->big, helper))
			return true;
	}
	return false;
}

/* Does a program refer to the map? */
static bool is_used(const struct plan *p, const struct plan_map *m)
{
	for (size_t i = 0; i < p->n_progs; i++) {
		const struct plan_blob *code = diagnostics_code(p, &p->progs[i]);
		for (size_t k = 0; k < code->n_patches; k++)
			if (code->patches[k].what == PATCH_SLOT &&
				code->patches[k].index == m->slot)
				return true;
	}
	return false;
}

void diagnose_maps(const struct diagnostics *d)
{
	const struct plan *p = d->x->plan;
	bool adds = any_calls(p, MAP_UPDATE_ELEM);
	for (size_t i = 0; i < p->n_maps; i++) {
		const struct plan_map *m = &p->maps[i];
		if (!is_used(p, m) || is_filled(p, m))
			continue;
		if (m->map_type == BPF_MAP_TYPE_PROG_ARRAY)
			diagnostics_say(d,
				"map '%s' (prog array) is empty: a tail call into it fails and the "
				"program continues; initialise it in the object: .values = {[0] = "
				"(void *)&PROGRAM}",
				m->name);
		else if (is_growing(m->map_type) && !adds)
			diagnostics_say(d,
				"map '%s': no program in this object adds entries, so lookups find "
				"nothing until another process adds some",
				m->name);
	}
}

void diagnose_tail_calls(const struct diagnostics *d)
{
	const struct plan *p = d->x->plan;
	for (size_t i = 0; i < p->n_steps; i++) {
		int slot = updated_slot(p, &p->steps[i], ATTR(value));
		for (size_t k = 0; k < p->n_progs && slot != PLAN_NONE; k++) {
			const struct plan_prog *prog = &p->progs[k];
			if (prog->slot == slot && prog->link != PLAN_NONE &&
				prog->prog_type != BPF_PROG_TYPE_STRUCT_OPS)
				diagnostics_say(d,
					"program '%s' (%s) is the target of tail calls and also "
					"attached: it runs on its own, too; SEC(\"?%s\") reserves "
					"it for tail calls",
					prog->name, prog->sec, prog->sec);
		}
	}
}

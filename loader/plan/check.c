/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "check.h"
#include "check_impl.h"

#include "elf/base/netlink_abi.h"

#include <string.h>

enum { HEX_MAX = 16 };

static bool index_ok(int index, size_t n)
{
	return index == PLAN_NONE || (index >= 0 && (size_t)index < n);
}

static bool patch_ok(
	const struct plan *p, const struct plan_blob *blob, const struct plan_patch *patch)
{
	bool slot = patch->what == PATCH_SLOT && patch->index < p->n_slots &&
	            (patch->size == 4 || patch->size == 8);
	bool high = patch->what == PATCH_HIGH && patch->index < p->n_slots && patch->size == 4;
	bool digits = patch->what == PATCH_HEX && patch->index < p->n_slots && patch->size &&
	              patch->size <= HEX_MAX;
	bool address = patch->what == PATCH_BLOB && patch->index < p->n_blobs && patch->size == 8 &&
	               patch->add <= p->blobs[patch->index].size;
	return blob->bytes && (slot || high || digits || address) && patch->at <= blob->size &&
	       patch->size <= blob->size - patch->at;
}

static bool check_blobs(const struct plan *p, struct err *e)
{
	for (size_t i = 0; i < p->n_blobs; i++)
		for (size_t k = 0; k < p->blobs[i].n_patches; k++)
			if (!patch_ok(p, &p->blobs[i], &p->blobs[i].patches[k]))
				return err_set(e, "blob %zu: patch %zu is out of range", i, k);
	return true;
}

bool check_is_string(const struct plan *p, int16_t blob)
{
	const struct plan_blob *b = blob == PLAN_NONE ? NULL : &p->blobs[blob];
	const uint8_t *end = b && b->bytes ? memchr(b->bytes, 0, b->size) : NULL;
	for (size_t i = 0; end && i < b->n_patches; i++)
		if (b->patches[i].what != PATCH_HEX ||
			b->patches[i].at + b->patches[i].size > (size_t)(end - b->bytes))
			return false;
	return end;
}

/* Whether there is a blob with contents of at least that size, without addresses of others. */
static bool has_bytes(const struct plan *p, int16_t blob, uint32_t size)
{
	return blob != PLAN_NONE && p->blobs[blob].bytes && p->blobs[blob].size >= size &&
	       check_is_leaf(&p->blobs[blob]);
}

static bool is_map_step(const struct plan *p, int64_t step, size_t before)
{
	return step >= 0 && (uint64_t)step < before && p->steps[step].op == STEP_BPF &&
	       p->steps[step].cmd == BPF_MAP_CREATE;
}

static bool is_link_step(const struct plan *p, int64_t step, size_t after)
{
	return step > (int64_t)after && (uint64_t)step < p->n_steps &&
	       p->steps[step].op == STEP_BPF && p->steps[step].cmd == BPF_LINK_CREATE &&
	       p->steps[step].attr != PLAN_NONE;
}

static bool arg_ok(const struct plan *p, size_t i, enum step_arg kind, const struct plan_arg *a)
{
	switch (kind) {
	case ARG_MAYBE_STRING:
		return a->blob == PLAN_NONE || check_is_string(p, a->blob);
	case ARG_STRING:
	case ARG_LINE:
		return check_is_string(p, a->blob);
	case ARG_MAYBE_BYTES:
		return a->blob == PLAN_NONE || has_bytes(p, a->blob, 0);
	case ARG_BYTES:
		return has_bytes(p, a->blob, 0);
	case ARG_OUTPUT:
		return a->blob != PLAN_NONE && !p->blobs[a->blob].bytes;
	case ARG_MESSAGE:
		return has_bytes(p, a->blob, NLMSG_HEADER);
	case ARG_MAP_STEP:
		return is_map_step(p, a->value, i);
	case ARG_LINK_STEP:
		return is_link_step(p, a->value, i);
	case ARG_FD:
		return a->blob == PLAN_NONE && a->slot != PLAN_NONE &&
		       p->slots[a->slot].kind != SLOT_NUMBER;
	default:
		return a->blob == PLAN_NONE;
	}
}

static bool indices_ok(const struct plan *p, size_t i)
{
	const struct plan_step *s = &p->steps[i];
	bool ok = s->op < STEP_OPS && index_ok(s->attr, p->n_blobs) &&
	          index_ok(s->slot, p->n_slots) && index_ok(s->prog, p->n_progs) &&
	          index_ok(s->fallback_for, i) && index_ok(s->undoes, i);
	for (int k = 0; k < PLAN_ARGS; k++)
		ok = ok && index_ok(s->args[k].slot, p->n_slots) &&
		     index_ok(s->args[k].blob, p->n_blobs);
	return ok;
}

static bool step_ok(const struct plan *p, size_t i)
{
	const struct plan_step *s = &p->steps[i];
	if (!indices_ok(p, i))
		return false;
	const struct step_op_info *op = step_op_info(s->op);
	bool needs_attr = step_has_attr(s->op) || s->flags & STEP_UNLESS_ZERO;
	bool ok = s->attr == PLAN_NONE ? !needs_attr : step_has_attr(s->op);
	for (int k = 0; k < PLAN_ARGS; k++)
		ok = ok && arg_ok(p, i, op->args[k], &s->args[k]);
	return ok;
}

static bool check_step(const struct plan *p, size_t i, struct err *e)
{
	return step_ok(p, i) || err_set(e, "step %zu has an invalid reference", i + 1);
}

static bool check_references(const struct plan *p, struct err *e)
{
	bool ok = check_blobs(p, e);
	for (size_t i = 0; i < p->n_steps && ok; i++)
		ok = check_step(p, i, e);
	for (size_t i = 0; i < p->n_slots && ok; i++)
		ok = p->slots[i].kind < SLOT_KINDS || err_set(e, "slot %zu: unknown kind", i);
	for (size_t i = 0; i < p->n_maps && ok; i++)
		ok = (index_ok(p->maps[i].slot, p->n_slots) &&
			     index_ok(p->maps[i].init, p->n_blobs)) ||
		     err_set(e, "map %zu has an invalid reference", i);
	for (size_t i = 0; i < p->n_progs && ok; i++)
		ok = (index_ok(p->progs[i].slot, p->n_slots) &&
			     index_ok(p->progs[i].link, p->n_slots) &&
			     index_ok(p->progs[i].insns, p->n_blobs)) ||
		     err_set(e, "program %zu has an invalid reference", i);
	return ok;
}

bool plan_check(const struct plan *p, struct err *e)
{
	return check_references(p, e) || err_where(e, "%s: damaged plan", p->path);
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan.h"

#include "abi.h"

#include <string.h>

unsigned plan_step_layout(const struct plan_step *s)
{
	return s->op == STEP_BPF ? s->cmd : ABI_PERF_ATTR;
}

bool plan_step_has_result(const struct plan *p, const struct plan_step *s)
{
	if (s->slot == PLAN_NONE)
		return false;
	if (p->slots[s->slot].kind == SLOT_NUMBER)
		return true;
	if (s->op == STEP_BPF)
		return s->cmd != BPF_PROG_ATTACH && s->cmd != BPF_MAP_UPDATE_ELEM &&
		       s->cmd != BPF_PROG_TEST_RUN;
	return step_op_info(s->op)->has_result;
}

const struct plan_map *plan_find_map(const struct plan *p, const char *name)
{
	for (size_t i = 0; i < p->n_maps; i++)
		if (!strcmp(p->maps[i].name, name))
			return &p->maps[i];
	return NULL;
}

bool plan_step_writes_zero(const struct plan *p, const struct plan_step *s)
{
	if (!(s->flags & STEP_UNLESS_ZERO))
		return false;
	const struct plan_blob *attr = &p->blobs[s->attr];
	for (size_t i = 0; i < attr->n_patches; i++) {
		const struct plan_blob *b = &p->blobs[attr->patches[i].index];
		if (attr->patches[i].what != PATCH_BLOB || attr->patches[i].at != ATTR(value).at)
			continue;
		for (uint32_t k = 0; b->bytes && k < b->size; k++)
			if (b->bytes[k])
				return false;
	}
	return true;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "replaced.h"

#include "elf/base/err.h"
#include "elf/base/format.h"
#include "elf/base/text.h"
#include "loader/plan/abi.h"

#include <errno.h>

enum { NAMES = 400 };

static bool succeeded(const struct exec *x, size_t i, uint32_t cmd)
{
	const struct plan_step *s = &x->plan->steps[i];
	return s->op == STEP_BPF && s->cmd == cmd && s->undoes == PLAN_NONE &&
	       x->outcomes[i] == OUTCOME_OK;
}

static bool comes_from_pin(const struct exec *x, int16_t slot)
{
	for (size_t i = 0; i < x->plan->n_steps; i++)
		if (x->plan->steps[i].slot == slot && succeeded(x, i, BPF_OBJ_GET))
			return true;
	return false;
}

/* Whether the step has attached something anew. */
static bool attaches(const struct exec *x, size_t i)
{
	const struct plan_step *s = &x->plan->steps[i];
	return s->slot != PLAN_NONE && x->plan->slots[s->slot].kind == SLOT_LINK &&
	       x->outcomes[i] == OUTCOME_OK && s->op != STEP_SAME_LINK &&
	       !succeeded(x, i, BPF_OBJ_GET);
}

/* The outcome of the step that removes what was replaced: ENOENT if there was nothing. */
static int removal(const struct exec *x)
{
	for (size_t i = 0; i < x->plan->n_steps; i++)
		if (x->plan->steps[i].op == STEP_CLEAR)
			return x->outcomes[i];
	return ENOENT;
}

void replaced_tell(const struct exec *x, void (*fn)(void *ctx, const char *text), void *ctx)
{
	static const char *const what[] = {"exchanged in existing links, without a gap",
		"attached anew, before the old ones ended: both may have seen an event",
		"maps that keep their contents", "maps that are new"};
	enum { EXCHANGED, ANEW, KEPT, FRESH, LISTS };
	const struct plan *p = x->plan;
	char names[LISTS][NAMES] = {"", "", "", ""}, text[NAMES + 100];
	int no = removal(x);
	if (no == ENOENT)
		return;
	for (size_t i = 0; i < p->n_maps; i++)
		if (p->maps[i].slot != PLAN_NONE)
			text_list(names[comes_from_pin(x, p->maps[i].slot) ? KEPT : FRESH], NAMES,
				"%s", p->maps[i].name);
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		bool update = succeeded(x, i, BPF_LINK_UPDATE);
		if (update || attaches(x, i))
			text_list(names[update ? EXCHANGED : ANEW], NAMES, "%s",
				s->prog == PLAN_NONE ? s->who : p->progs[s->prog].name);
	}
	for (int i = 0; i < LISTS; i++) {
		text_print(text, sizeof text, "%s: %s", what[i], names[i]);
		if (*names[i])
			fn(ctx, text);
	}
	if (no > 0) {
		struct err e = {0};
		err_sys(&e, no, "the old version could not be removed and may still be attached");
		fn(ctx, e.text);
	}
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_run.h"

#include "plan_text_impl.h"

#include "elf/base/insn_feature.h"
#include "elf/btf/btf_sanitise.h"
#include "elf/link/helpers.h"
#include "loader/hook/hook.h"
#include "loader/plan/kernel_fs.h"
#include "step_purpose.h"

#include <errno.h>
#include <string.h>

/* What kernels return for a call that they are too old for. */
static bool means_too_old(uint16_t no)
{
	static const uint16_t errors[] = {
		EINVAL, E2BIG, ENOENT, ENOSYS, EOPNOTSUPP, ENOTSUPP_KERNEL, ERRS_ANY};
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (no == errors[i])
			return true;
	return false;
}

bool kernel_tolerates(const struct plan_step *s)
{
	for (int i = 0; i < PLAN_ERRS && s->tolerated[i]; i++)
		if (means_too_old(s->tolerated[i]))
			return true;
	return false;
}

/* ---- what steps need ---- */

static void need(struct step_need *n, uint16_t since, const char *why)
{
	if (since > n->since)
		*n = (struct step_need){since, why};
}

/* The blob that a field of the attr points to, or NULL. */
static const struct plan_blob *pointee(
	const struct plan *p, const struct plan_step *s, struct attr_field f)
{
	const struct plan_patch *patch = patch_at(&p->blobs[s->attr], f.at);
	return patch && patch->what == PATCH_BLOB ? &p->blobs[patch->index] : NULL;
}

static bool need_types(
	const struct plan *p, const struct plan_step *s, struct step_need *n, struct arena *a)
{
	const struct plan_blob *b = pointee(p, s, ATTR(btf));
	struct btf btf;
	struct err e = {0};
	if (!b || !b->bytes ||
		!btf_open(&btf, (struct span){b->bytes, b->size, p->big}, NULL, a, &e))
		return !a->full;
	uint32_t levels = btf_levels_of(&btf);
	for (int level = 1; level < BTF_LEVELS; level++)
		if (levels >> level & 1)
			need(n,
				ABI_VERSION(
					btf_level_facts[level].major, btf_level_facts[level].minor),
				btf_level_facts[level].drops);
	return true;
}

static bool need_code(
	const struct plan *p, const struct plan_step *s, struct step_need *n, struct arena *a)
{
	unsigned helper = 0;
	const struct plan_blob *b = pointee(p, s, ATTR(insns));
	for (uint32_t at = 0; b && b->bytes && at + INSN_SIZE <= b->size; at += INSN_SIZE) {
		struct insn i = insn_get(b->bytes + at, p->big);
		const struct insn_feature *f = insn_feature(i);
		if (f)
			need(n, f->since, f->what);
		bool calls = insn_calls_helper(i) && (unsigned)i.imm <= HELPER_MAX;
		if (calls && helper_since((unsigned)i.imm) > helper_since(helper))
			helper = (unsigned)i.imm;
		at += insn_is_wide(i) ? INSN_SIZE : 0;
	}
	if (helper_since(helper) <= n->since)
		return true;
	need(n, helper_since(helper), arena_printf(a, "bpf_%s", helper_name(helper)));
	return n->why;
}

static void need_hook(const struct plan *p, const struct plan_step *s, struct step_need *n)
{
	const char *target;
	struct err e = {0};
	const struct hook *h =
		s->prog == PLAN_NONE ? NULL : hook_find(p->progs[s->prog].sec, &target, &e);
	if (h)
		need(n, h->since, h->sec);
}

/* Event sources of probes: their types are numbers in files. */
static void need_file(const struct plan *p, const struct plan_step *s, struct step_need *n)
{
	const char *path = (const char *)p->blobs[s->args[0].blob].bytes;
	if (s->cmd == KFS_SYS && (!strcmp(path, "bus/event_source/devices/kprobe/type") ||
					 !strcmp(path, "bus/event_source/devices/uprobe/type")))
		need(n, ABI_VERSION(4, 17), "the event source of probes");
}

static bool need_of(
	const struct plan *p, const struct plan_step *s, struct step_need *n, struct arena *a)
{
	n->since = step_since(p, s, &n->why);
	if (s->op == STEP_READ)
		need_file(p, s, n);
	else if (s->op == STEP_GETFD)
		need(n, ABI_VERSION(5, 6), "pidfd_getfd");
	if (s->op != STEP_BPF)
		return true;
	if (s->cmd == BPF_BTF_LOAD)
		return need_types(p, s, n, a);
	if (s->cmd != BPF_PROG_LOAD)
		return true;
	need_hook(p, s, n);
	return need_code(p, s, n, a);
}

struct step_need *kernel_needs(const struct plan *p, struct arena *a)
{
	struct step_need *needs = arena_array(a, p->n_steps, sizeof *needs);
	for (size_t i = 0; needs && i < p->n_steps; i++)
		if (!need_of(p, &p->steps[i], &needs[i], a))
			return NULL;
	return needs;
}

/* ---- the run ---- */

static bool is_asked_for(const struct plan_step *s, const enum step_fate *fates)
{
	if (s->fallback_for == PLAN_NONE)
		return true;
	enum step_fate old = fates[s->fallback_for];
	for (int i = 0; i < PLAN_ERRS && s->errs[i]; i++)
		if (s->errs[i] == ERRS_SKIPPED ? old == FATE_SKIPPED
					       : old == FATE_TOO_NEW && means_too_old(s->errs[i]))
			return true;
	return false;
}

static bool blob_ready(const struct plan *p, int16_t blob, const bool *filled)
{
	const struct plan_blob *b = blob == PLAN_NONE ? NULL : &p->blobs[blob];
	for (size_t i = 0; b && i < b->n_patches; i++) {
		const struct plan_patch *patch = &b->patches[i];
		if (patch->what == PATCH_BLOB ? !blob_ready(p, (int16_t)patch->index, filled)
					      : !filled[patch->index])
			return false;
	}
	return true;
}

static bool is_ready(const struct plan *p, const struct plan_step *s, const bool *filled)
{
	for (int i = 0; i < PLAN_ARGS; i++)
		if ((s->args[i].slot != PLAN_NONE && !filled[s->args[i].slot]) ||
			!blob_ready(p, s->args[i].blob, filled))
			return false;
	return blob_ready(p, s->attr, filled);
}

/* Whether a later step is a fallback for step i, or for one that i is a fallback for. */
static bool may_be_replaced(const struct plan *p, size_t i, const enum step_fate *fates)
{
	for (int old = (int)i; old != PLAN_NONE; old = p->steps[old].fallback_for)
		for (size_t k = i + 1; k < p->n_steps; k++)
			if (p->steps[k].fallback_for == old && !(p->steps[k].flags & STEP_LOG) &&
				is_asked_for(&p->steps[k], fates))
				return true;
	return false;
}

enum step_fate *kernel_run(
	const struct plan *p, const struct step_need *needs, uint16_t version, struct arena *a)
{
	enum step_fate *fates = arena_array(a, p->n_steps, sizeof *fates);
	bool *filled = arena_array(a, p->n_slots, sizeof *filled);
	for (size_t i = 0; fates && filled && i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		bool wanted = s->undoes == PLAN_NONE && !(s->flags & STEP_LOG) &&
		              (s->slot == PLAN_NONE || !filled[s->slot]);
		if (!wanted || !is_asked_for(s, fates))
			continue;
		bool ready = is_ready(p, s, filled);
		fates[i] = !ready                     ? FATE_SKIPPED
		           : needs[i].since > version ? FATE_TOO_NEW
		                                      : FATE_OK;
		bool lost = fates[i] == FATE_TOO_NEW && !kernel_tolerates(s) &&
		            !may_be_replaced(p, i, fates);
		if (s->slot != PLAN_NONE && (fates[i] == FATE_OK || lost))
			filled[s->slot] = true;
	}
	return filled ? fates : NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "typed.h"

#include "../abi.h"
#include "../kfs.h"

struct place {
	uint32_t attach_type;
	enum btf_kind kind;
	const char *prefix;
	const char *what; /* "kernel function" */
};

static const struct place places[] = {
	{BPF_TRACE_FENTRY, BTF_FUNC, "", "kernel function"},
	{BPF_TRACE_FEXIT, BTF_FUNC, "", "kernel function"},
	{BPF_MODIFY_RETURN, BTF_FUNC, "", "kernel function"},
	{BPF_TRACE_RAW_TP, BTF_TYPEDEF, "btf_trace_", "tracepoint"},
	{BPF_LSM_MAC, BTF_FUNC, "bpf_lsm_", "LSM hook"},
	{BPF_LSM_CGROUP, BTF_FUNC, "bpf_lsm_", "LSM hook"},
	{BPF_TRACE_ITER, BTF_FUNC, "bpf_iter_", "iterator"},
};

static const struct place *place_of(uint32_t attach_type)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (places[i].attach_type == attach_type)
			return &places[i];
	return NULL;
}

void typed_load(struct planner *b, const struct hook_use *use, int16_t step)
{
	const struct place *place = place_of(use->hook->attach_type);
	if (!*use->target)
		return; /* the kernel will say what it thinks of that */
	const struct btf *kernel = target_btf(use->kernel, b->e);
	if (!kernel) {
		if (b->e->set)
			b->failed = true;
		else
			hook_fail(b,
				"a kernel with CONFIG_DEBUG_INFO_BTF=y has them; else --btf FILE",
				"a program of %s needs the types of the kernel (BTF), and this one "
				"has none",
				use->hook->sec);
		return;
	}
	const char *name =
		plan_text(b, arena_printf(b->plan->arena, "%s%s", place->prefix, use->target));
	uint32_t id = btf_find(kernel, place->kind, name);
	if (!id && !b->failed)
		hook_fail(b, "it may be inlined, be in a module, or have another name here",
			"this kernel has no %s '%s'", place->what, use->target);
	attr_set(b, step, "attach_btf_id", id);
}

void typed_expect_lsm(struct planner *b, const struct hook_use *use)
{
	static const char list[] = "lsm", name[] = "bpf";
	int16_t step = plan_add_step(b, STEP_EXPECT, KFS_SECURITY, PLAN_NONE, &use->like);
	int16_t list_blob = plan_add_blob(b, list, sizeof list, "file");
	int16_t name_blob = plan_add_blob(b, name, sizeof name, "word");
	struct plan_step *s = plan_step_at(b, step);
	if (s) {
		s->args[0].blob = list_blob;
		s->args[1].blob = name_blob;
		s->hint = "boot with lsm=...,bpf: the modules listed in /sys/kernel/security/lsm, "
			  "and bpf behind them";
	}
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Hooks that are a function of the kernel, named by its type: the program is loaded *for* that
 * function (attach_btf_id), and the verifier knows the types of its arguments. The section's name
 * leads to the type by a prefix:
 *
 *     fentry/tcp_sendmsg     function tcp_sendmsg
 *     tp_btf/sched_switch    typedef  btf_trace_sched_switch
 *     lsm/file_open          function bpf_lsm_file_open
 *     iter/task              function bpf_iter_task
 *
 * All are links; before LINK_CREATE took them (5.19; iterators 5.8) RAW_TRACEPOINT_OPEN without a
 * name attached to what the program was loaded for.
 */
#include "hook.h"

#include "../abi.h"
#include "../kfs.h"

#include <errno.h>

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
	{BPF_TRACE_ITER, BTF_FUNC, "bpf_iter_", "iterator"},
};

static const struct place *place_of(uint32_t attach_type)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (places[i].attach_type == attach_type)
			return &places[i];
	return NULL;
}

static void load(struct planner *b, const struct hook_use *use, int16_t step)
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
	char *name = arena_printf(b->plan->arena, "%s%s", place->prefix, use->target);
	uint32_t id = name ? btf_find(kernel, place->kind, name) : 0;
	if (!name) {
		b->failed = true;
		err_nomem(b->e);
	} else if (!id) {
		hook_fail(b, "it may be inlined, be in a module, or have another name here",
			"this kernel has no %s '%s'", place->what, use->target);
	}
	attr_set(b, step, "attach_btf_id", id);
}

static void attach(struct planner *b, const struct hook_use *use)
{
	int16_t link = plan_add_step(b, STEP_BPF, BPF_LINK_CREATE, use->link_slot, &use->like);
	attr_slot(b, link, "link_create.prog_fd", use->prog_slot);
	attr_set(b, link, "link_create.attach_type", use->hook->attach_type);
	if (use->hook->attach_type == BPF_TRACE_ITER)
		return;
	int16_t old =
		plan_add_step(b, STEP_BPF, BPF_RAW_TRACEPOINT_OPEN, use->link_slot, &use->like);
	attr_slot(b, old, "raw_tracepoint.prog_fd", use->prog_slot);
	struct plan_step *s = plan_step_at(b, old);
	if (s) {
		s->instead = link;
		s->errs[0] = EINVAL;
		s->note = "kernels before 5.19 know where from the program itself";
	}
}

/* A kernel may have BPF's security module and yet not use it: then nothing would ever be asked. */
static void attach_lsm(struct planner *b, const struct hook_use *use)
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
		          "and "
			  "bpf behind them";
	}
	attach(b, use);
}

#define TRACE(name, type, how, major, minor, grammar_, text, attach_)                              \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = type, .attach_type = how,     \
		.since = ABI_VERSION(major, minor), .grammar = grammar_, .what = text,             \
		.load = load, .attach = attach_                                                    \
	}

#define SLEEPABLE(name, type, how, major, minor, grammar_, text, attach_)                          \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = type, .attach_type = how,     \
		.prog_flags = BPF_F_SLEEPABLE, .since = ABI_VERSION(major, minor),                 \
		.grammar = grammar_, .what = text, .load = load, .attach = attach_                 \
	}

#define BOTH(name, type, how, major, minor, s_major, s_minor, grammar_, text, attach_)             \
	TRACE(name, type, how, major, minor, grammar_, text, attach_),                             \
		SLEEPABLE(name ".s", type, how, s_major, s_minor, grammar_, text ", may sleep",    \
			attach_)

static const struct hook hooks[] = {
	TRACE("tp_btf", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, 5, 5, "NAME",
		"a tracepoint, with typed arguments", attach),
	BOTH("fentry", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, 5, 5, 5, 10, "FUNCTION",
		"entry of a kernel function, with typed arguments", attach),
	BOTH("fexit", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, 5, 5, 5, 10, "FUNCTION",
		"return of a kernel function, with arguments and result", attach),
	BOTH("fmod_ret", BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN, 5, 7, 5, 10, "FUNCTION",
		"a kernel function that may be made to fail", attach),
	BOTH("lsm", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, 5, 7, 5, 10, "HOOK",
		"a decision of the security modules", attach_lsm),
	BOTH("iter", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, 5, 8, 5, 18, "WHAT",
		"each of the kernel's objects of a kind, as text", attach),
};

const struct hook_family trace_family = {"trace", hooks, sizeof hooks / sizeof *hooks};

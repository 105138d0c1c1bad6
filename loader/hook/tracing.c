/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Tracing and LSM programs whose target is a BTF type: it is given at load time (see attach_btf.h),
 * and the verifier knows the types of the arguments. All attach with links. Kernels whose
 * BPF_LINK_CREATE does not support the type (before 5.19) attach with
 * BPF_RAW_TRACEPOINT_OPEN without a name, which takes the target from the program.
 */
#include "attach_btf.h"

#include "loader/plan/abi.h"
#include "pattern.h"

#include <errno.h>

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	int16_t link = plan_add_step(b, STEP_BPF, BPF_LINK_CREATE, use->link_slot, &use->like);
	attr_slot(b, link, ATTR(link_create.prog_fd), use->prog_slot);
	if (use->hook->attach_type)
		attr_set(b, link, ATTR(link_create.attach_type), use->hook->attach_type);
	int16_t old =
		plan_add_step(b, STEP_BPF, BPF_RAW_TRACEPOINT_OPEN, use->link_slot, &use->like);
	attr_slot(b, old, ATTR(raw_tracepoint.prog_fd), use->prog_slot);
	struct plan_step *s = plan_step_at(b, old);
	s->fallback_for = link;
	s->errs[0] = EINVAL;
	s->note = "kernels before 5.19 take the target from the program";
}

/* The module of "MODULE:PATTERN", or NULL. */
static const char *module_of(struct plan_builder *b, const char *pattern)
{
	const char *colon = strchr(pattern, ':');
	return colon ? plan_text(
			       b, arena_strndup(b->plan->arena, pattern, (size_t)(colon - pattern)))
	             : NULL;
}

/* The functions of a program have types of one BTF, which it is loaded for. */
static void prepare_multi(struct plan_builder *b, struct hook_use *use)
{
	const char *module = module_of(b, hook_target(use));
	use->attach_btf.number = use->attach_btf.program = use->attach_btf.module = PLAN_NONE;
	if (module)
		use->attach_btf.module = attach_btf_module(b, module);
}

/* The types of the kernel or of a module; NULL with the planner failed if there are none. */
static const struct btf *types_of(
	struct plan_builder *b, const struct hook_use *use, const char *module)
{
	const struct btf *kernel = target_btf(use->kernel, b->e);
	struct kernel_types *types = module && kernel ? target_types(use->kernel, b->e) : NULL;
	if (types)
		b->failed |= !kernel_types_all(types, b->e);
	for (uint32_t i = 0; types && i < types->n && !b->failed; i++)
		if (!strcmp(use->kernel->modules[i], module))
			return types->list[i];
	if (b->failed || (kernel && !module))
		return kernel;
	if (kernel)
		hook_fail(b, NULL, "there are no types of module '%s'", module);
	else
		hook_fail(b, NULL, "it requires kernel BTF, and this kernel has none");
	return NULL;
}

/* One link for all functions that match, which are passed as BTF ids. */
static void attach_multi(struct plan_builder *b, const struct hook_use *use)
{
	struct pattern_matches m;
	const struct btf *types = types_of(b, use, module_of(b, hook_target(use)));
	pattern_find(&m, b, use, hook_target(use));
	int16_t ids = plan_add_blob(b, NULL, m.n * 4, "BTF ids");
	uint32_t n = 0;
	for (struct btf_type t = {0}; !b->failed && btf_next_in(types, &t, 1u << BTF_FUNC);)
		if (n < m.n && pattern_has(&m, btf_name(&t)))
			bytes_put(b->plan->blobs[ids].bytes + n++ * 4, 4, b->plan->big, t.id);
	int16_t link = hook_add_link(b, use, use->link_slot, use->hook->attach_type);
	attr_blob(b, link, ATTR(link_create.tracing_multi.ids), ids);
	attr_set(b, link, ATTR(link_create.tracing_multi.cnt), n);
	struct plan_step *s = plan_step_at(b, link);
	s->note = plan_text(b, arena_printf(b->plan->arena, "%u functions match", n));
}

static void attach_lsm(struct plan_builder *b, const struct hook_use *use)
{
	attach_btf_expect_lsm(b, use);
	attach(b, use);
}

static const struct hook_method methods[] = {
	{ABI_VERSION(5, 19), "BPF_LINK_CREATE"}, {0, "BPF_RAW_TRACEPOINT_OPEN"}, {0}};

#define TRACE(name, type, how, major, minor, syntax_, text, attach_)                               \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = type, .attach_type = how,     \
		.since = ABI_VERSION(major, minor), .target_syntax = syntax_, .what = text,        \
		.prepare = attach_btf_prepare, .load = attach_btf_load, .methods = methods,        \
		.attach = attach_                                                                  \
	}

#define SLEEPABLE(name, type, how, major, minor, syntax_, text, attach_)                           \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = type, .attach_type = how,     \
		.prog_flags = BPF_F_SLEEPABLE, .since = ABI_VERSION(major, minor),                 \
		.target_syntax = syntax_, .what = text, .prepare = attach_btf_prepare,             \
		.load = attach_btf_load, .methods = methods, .attach = attach_                     \
	}

#define BOTH(name, type, how, major, minor, s_major, s_minor, syntax_, text, attach_)              \
	TRACE(name, type, how, major, minor, syntax_, text, attach_),                              \
		SLEEPABLE(name ".s", type, how, s_major, s_minor, syntax_, text ", sleepable",     \
			attach_)

#define MULTI_(name, how, flags, text)                                                             \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = BPF_PROG_TYPE_TRACING,        \
		.attach_type = how, .prog_flags = flags, .since = ABI_VERSION(7, 2),               \
		.target_syntax = "[MODULE:]PATTERN", .what = text, .prepare = prepare_multi,       \
		.load = attach_btf_load, .methods = hook_methods_link, .attach = attach_multi      \
	}
#define MULTI(name, how, text)                                                                     \
	MULTI_(name, how, 0, text), MULTI_(name ".s", how, BPF_F_SLEEPABLE, text ", sleepable")

static const struct hook hooks[] = {
	BOTH("tp_btf", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, 5, 5, 7, 2, "NAME",
		"tracepoint, with typed arguments", attach),
	BOTH("fentry", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, 5, 5, 5, 10, "FUNCTION",
		"entry of a kernel function, with typed arguments", attach),
	BOTH("fexit", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, 5, 5, 5, 10, "FUNCTION",
		"return of a kernel function, with arguments and return value", attach),
	BOTH("fmod_ret", BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN, 5, 7, 5, 10, "FUNCTION",
		"kernel function whose return value the program may set", attach),
	BOTH("fsession", BPF_PROG_TYPE_TRACING, BPF_TRACE_FSESSION, 7, 0, 7, 0, "FUNCTION",
		"entry and return of a kernel function, in one program", attach),
	MULTI("fentry.multi", BPF_TRACE_FENTRY_MULTI,
		"entry of all kernel functions that match a pattern with * and ?"),
	MULTI("fexit.multi", BPF_TRACE_FEXIT_MULTI,
		"return of all kernel functions that match a pattern"),
	MULTI("fsession.multi", BPF_TRACE_FSESSION_MULTI,
		"entry and return of all kernel functions that match, in one program"),
	{
		.sec = "freplace",
		.target = TARGET_OPTIONAL,
		.prog_type = BPF_PROG_TYPE_EXT,
		.since = ABI_VERSION(5, 6),
		.target_syntax = "FUNCTION",
		.arg_syntax = "ID|PIN",
		.needs = "a target program",
		.what = "replaces a global function of another program",
		.prepare = attach_btf_prepare,
		.load = attach_btf_load,
		.methods = methods,
		.attach = attach,
	},
	BOTH("lsm", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, 5, 7, 5, 10, "HOOK",
		"LSM hook; the program may deny the operation", attach_lsm),
};

const struct hook_family trace_family = {"trace", hooks, sizeof hooks / sizeof *hooks};

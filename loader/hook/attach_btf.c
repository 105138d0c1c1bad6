/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "attach_btf.h"

#include "event_names.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "elf/base/suggest.h"
#include "loader/plan/abi.h"
#include "loader/kernel/kallsyms.h"

#include <errno.h>
#include <stdio.h>

/* How names in section names map to names of types. */
struct btf_target {
	uint32_t attach_type;
	enum btf_kind kind;
	const char *prefix;
	const char *what; /* "kernel function" */
};

static const struct btf_target btf_targets[] = {
	{BPF_TRACE_FENTRY, BTF_FUNC, "", "kernel function"},
	{BPF_TRACE_FEXIT, BTF_FUNC, "", "kernel function"},
	{BPF_TRACE_FSESSION, BTF_FUNC, "", "kernel function"},
	{BPF_MODIFY_RETURN, BTF_FUNC, "", "kernel function"},
	{BPF_TRACE_RAW_TP, BTF_TYPEDEF, "btf_trace_", "tracepoint"},
	{BPF_LSM_MAC, BTF_FUNC, "bpf_lsm_", "LSM hook"},
	{BPF_LSM_CGROUP, BTF_FUNC, "bpf_lsm_", "LSM hook"},
	{BPF_TRACE_ITER, BTF_FUNC, "bpf_iter_", "iterator"},
};

static const struct btf_target *btf_target_of(uint32_t attach_type)
{
	for (size_t i = 0; i < sizeof btf_targets / sizeof *btf_targets; i++)
		if (btf_targets[i].attach_type == attach_type)
			return &btf_targets[i];
	return NULL;
}

int16_t attach_btf_module(struct plan_builder *b, const char *module)
{
	struct plan_step like = {.prog = PLAN_NONE,
		.doing = "open its BTF",
		.who = plan_text(b, arena_printf(b->plan->arena, "module '%s'", module))};
	int16_t name = plan_add_blob(b, module, strlen(module) + 1, "name");
	int16_t slot = plan_add_slot(b, SLOT_BTF, module);
	struct plan_step *s = plan_step_at(b, plan_add_step(b, STEP_TYPES, 0, slot, &like));
	s->args[0].blob = name;
	s->hint = "the module was loaded when the plan was made: load it with modprobe";
	return slot;
}

struct found {
	uint32_t id;    /* 0: not found */
	uint32_t where; /* index in kernel_types.list: 0 vmlinux, else a module */
};

/* The BTF of modules is read only if vmlinux does not have the type: there may be hundreds. */
static struct found find(struct plan_builder *b, const struct hook_use *use,
	struct kernel_types *types, const struct btf_target *target)
{
	const char *colon = strchr(use->target, ':'), *name = colon ? colon + 1 : use->target;
	struct found found = {0};
	name = plan_text(b, arena_printf(b->plan->arena, "%s%s", target->prefix, name));
	for (; !found.id && found.where < types->n && !b->failed; found.where++) {
		const char *module = use->kernel->modules[found.where];
		bool here =
			!colon || (!strncmp(use->target, module, (size_t)(colon - use->target)) &&
					  !module[colon - use->target]);
		found.id = here ? btf_find(types->list[found.where], target->kind, name) : 0;
		if (found.id)
			break;
		b->failed |= !found.where && !kernel_types_all(types, b->e);
	}
	return found;
}

/* ---- targets that do not exist ---- */

/* Many functions are called bpf_iter_...: iterators are those whose first argument is the state of one. */
static bool is_iterator(const struct btf_type *f)
{
	struct btf_type t;
	return btf_type(f->btf, f->type, &t) && t.kind == BTF_FUNC_PROTO && t.vlen &&
	       btf_skip(f->btf, btf_param(&t, 0).type, &t) && t.kind == BTF_PTR &&
	       btf_skip(f->btf, t.type, &t) && !strcmp(btf_name(&t), "bpf_iter_meta");
}

bool attach_btf_each(
	const struct kernel_types *types, uint32_t attach_type, attach_btf_fn fn, void *ctx)
{
	const struct btf_target *target = btf_target_of(attach_type);
	size_t prefix = target ? strlen(target->prefix) : 0;
	for (size_t i = 0; target && i < types->n; i++)
		for (struct btf_type t = {0};
			btf_next_in(types->list[i], &t, 1u << target->kind);) {
			const char *name = btf_name(&t);
			if (!strncmp(name, target->prefix, prefix) &&
				(attach_type != BPF_TRACE_ITER || is_iterator(&t)))
				fn(ctx, i, name + prefix);
		}
	return target;
}

static void consider_target(void *ctx, size_t where, const char *name)
{
	(void)where;
	suggest_consider(ctx, name);
}

struct untyped {
	const char *name;
	bool found;
	char module[64]; /* "" for the kernel itself */
};

static bool find_untyped(void *ctx, const struct kallsym *sym)
{
	struct untyped *u = ctx;
	u->found = !strcmp(sym->name, u->name);
	if (u->found)
		text_print(u->module, sizeof u->module, "%s", sym->module);
	return !u->found;
}

/* The hint for a function that the kernel has, but without a type. False if there is none. */
static bool explain_untyped(struct plan_builder *b, const struct hook_use *use, const char *name)
{
	struct untyped u = {.name = name};
	if (use->kernel->dir || use->kernel->btf_file ||
		kallsyms_each(use->kernel->kfs, true, find_untyped, &u) < 0 || !u.found)
		return false;
	if (*u.module)
		err_hint(b->e,
			"it is in module '%s', which has no types (BTF): try SEC(\"kprobe/%s\")",
			u.module, name);
	else
		err_hint(
			b->e, "it exists, but without a type in BTF: try SEC(\"kprobe/%s\")", name);
	return true;
}

static void fail_missing(struct plan_builder *b, const struct hook_use *use,
	const struct kernel_types *types, const struct btf_target *target)
{
	const char *colon = strchr(use->target, ':'), *slash = strrchr(use->target, '/');
	const char *name = colon ? colon + 1 : slash ? slash + 1 : use->target;
	struct suggestion s = suggest_for(name);
	char names[sizeof s.near];
	bool function = target->kind == BTF_FUNC && !*target->prefix;
	hook_fail(b, NULL, "this kernel has no %s '%s'", target->what, use->target);
	if (function && explain_untyped(b, use, name))
		return;
	if (function && !use->kernel->dir &&
		event_find(use->kernel->kfs, name, names, sizeof names)) {
		err_hint(b->e, "it is a tracepoint: SEC(\"tp/%s\")", names);
		return;
	}
	attach_btf_each(types, target->attach_type, consider_target, &s);
	if (s.n)
		err_hint(b->e, "similar names: %s", suggest_text(&s, names, sizeof names));
	else if (function)
		err_hint(b->e, "it may be inlined, in a module that is not loaded, or renamed in "
			       "this kernel");
	else
		err_hint(b->e, "see: sonde btf list --name '%s*'", target->prefix);
}

/* ---- targets that are programs ---- */

/* The target is a function of a loaded program: its BTF id is only known at run time. */
static void prepare_program(struct plan_builder *b, struct hook_use *use)
{
	const char *name = plan_text(b, arena_strdup(b->plan->arena, use->target));
	struct plan_step like = use->like;
	char *end;
	unsigned long id = text_ulong(use->arg, &end, 10);
	bool pin = use->arg[0] == '/';
	if (!pin && (*end || end == use->arg || id > UINT32_MAX)) {
		hook_fail(b,
			PACKED("--on expects the id of a program or the path of its pin: --on "
			       "PROG=17"),
			"'%s' is not a program", use->arg);
		return;
	}
	like.doing = "open its target";
	int16_t slot = plan_add_slot(b, SLOT_FILE, "target");
	int16_t open =
		plan_add_step(b, STEP_BPF, pin ? BPF_OBJ_GET : BPF_PROG_GET_FD_BY_ID, slot, &like);
	if (pin)
		attr_blob(b, open, ATTR(pathname),
			plan_add_blob(b, use->arg, strlen(use->arg) + 1, "path"));
	else
		attr_set(b, open, ATTR(prog_id), id);
	plan_add_hint(b, open, ENOENT,
		"there is no such program: --on expects an id or the path of a pin");
	like.doing = "find the function";
	int16_t number = plan_add_slot(b, SLOT_NUMBER, name);
	int16_t blob = plan_add_blob(b, name, strlen(name) + 1, "name");
	int16_t ask = plan_add_step(b, STEP_FUNC, 0, number, &like);
	struct plan_step *s = plan_step_at(b, ask);
	s->args[0].slot = slot;
	s->args[1].blob = blob;
	s->hint = "the target program has no function of that name, or no BTF";
	use->attach_btf.number = number;
	use->attach_btf.program = slot;
}

void attach_btf_prepare(struct plan_builder *b, struct hook_use *use)
{
	const struct btf_target *target = btf_target_of(use->hook->attach_type);
	use->attach_btf.number = use->attach_btf.program = use->attach_btf.module = PLAN_NONE;
	/* The target argument is a program if the section name has the function, else its target. */
	if (!*use->target && use->arg && target && use->hook->attach_type != BPF_LSM_CGROUP) {
		use->target = use->arg;
		use->arg = NULL;
	}
	if (!*use->target)
		return; /* the kernel rejects the program if it requires a type */
	/* The target argument of lsm_cgroup is a cgroup, that of an iterator what it walks. */
	if (use->arg && use->hook->attach_type != BPF_LSM_CGROUP &&
		use->hook->attach_type != BPF_TRACE_ITER) {
		prepare_program(b, use);
		return;
	}
	if (!target) {
		if (!use->show)
			hook_fail(b, PACKED("name it with --on PROG=ID or --on PROG=PIN"),
				"it requires %s at load time", use->hook->needs);
		return;
	}
	struct kernel_types *types = target_types(use->kernel, b->e);
	if (!types->n) {
		if (b->e->set)
			b->failed = true;
		else
			hook_fail(b,
				PACKED("use a kernel built with CONFIG_DEBUG_INFO_BTF=y, or --btf "
				       "FILE"),
				"%s programs require kernel BTF, and this kernel has none",
				use->hook->sec);
		return;
	}
	struct found found = find(b, use, types, target);
	if (!found.id && !b->failed)
		fail_missing(b, use, types, target);
	use->attach_btf.id = found.id;
	if (found.id && found.where)
		use->attach_btf.module = attach_btf_module(b, use->kernel->modules[found.where]);
}

void attach_btf_load(struct plan_builder *b, const struct hook_use *use, int16_t step)
{
	if (use->attach_btf.id)
		attr_set(b, step, ATTR(attach_btf_id), use->attach_btf.id);
	if (use->attach_btf.number != PLAN_NONE)
		attr_slot(b, step, ATTR(attach_btf_id), use->attach_btf.number);
	if (use->attach_btf.program != PLAN_NONE)
		attr_slot(b, step, ATTR(attach_prog_fd), use->attach_btf.program);
	if (use->attach_btf.module != PLAN_NONE)
		attr_slot(b, step, ATTR(attach_btf_obj_fd), use->attach_btf.module);
}

void attach_btf_expect_lsm(struct plan_builder *b, const struct hook_use *use)
{
	static const char list[] = "lsm", name[] = "bpf";
	int16_t step = plan_add_step(b, STEP_EXPECT, KFS_SECURITY, PLAN_NONE, &use->like);
	int16_t list_blob = plan_add_blob(b, list, sizeof list, "file");
	int16_t name_blob = plan_add_blob(b, name, sizeof name, "word");
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].blob = list_blob;
	s->args[1].blob = name_blob;
	s->hint = "boot with lsm=...,bpf: the modules listed in /sys/kernel/security/lsm, "
		  "followed by bpf";
}

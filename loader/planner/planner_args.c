/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Options for single programs: their type, and the arguments of those that user space calls. */
#include "planner_impl.h"

#include "elf/link/ctx_use.h"
#include "loader/plan/abi.h"
#include "loader/value/value.h"

const char *planner_value_for(const char *const *list, size_t n, const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; i < n; i++)
		if (!strncmp(list[i], name, length) && list[i][length] == '=')
			return list[i] + length + 1;
	return NULL;
}

/* ---- types ---- */

/* The section name as such gives a type. */
static bool is_known(const char *sec)
{
	const char *target;
	struct err none = {0};
	return hook_find(sec, &target, &none) != NULL;
}

void planner_set_types(struct object *o, const struct plan_options *opt)
{
	const char *all = NULL;
	for (size_t i = 0; i < opt->n_types; i++)
		if (!strchr(opt->types[i], '='))
			all = opt->types[i];
	for (size_t i = 0; i < o->n_funcs && opt->n_types; i++) {
		struct obj_func *f = &o->funcs[i];
		const char *type = planner_value_for(opt->types, opt->n_types, f->name);
		if (!type && all && f->entry && !is_known(f->sec))
			type = all;
		f->sec = type ? type : f->sec;
	}
}

/* ---- arguments ---- */

/* Not linked for this alone: programs that embed libsonde.a cannot give arguments. */
#pragma weak value_put

/* The struct that the first parameter of a program points to, 0 if it is none. */
static uint32_t context_type(const struct object *o, const char *name, struct btf_type *t)
{
	uint32_t id = o->has_btf ? btf_find(&o->btf, BTF_FUNC, name) : 0;
	if (!id || !btf_type(&o->btf, id, t) || !btf_type(&o->btf, t->type, t))
		return 0;
	btf_skip(&o->btf, btf_param(t, 0).type, t);
	if (t->kind != BTF_PTR)
		return 0;
	id = btf_skip(&o->btf, t->type, t);
	return t->kind == BTF_STRUCT && t->size ? id : 0;
}

static bool is_read(void *ctx, int32_t off, uint32_t size)
{
	(void)off;
	(void)size;
	*(bool *)ctx = true;
	return false;
}

bool plan_context(struct build *w, struct hook_use *use, struct plan_prog *pp)
{
	const struct image_prog *prog = &w->image->progs[use->like.prog];
	struct arena *a = w->p->arena;
	struct btf_type t;
	bool reads = false;
	uint32_t type = context_type(w->o, pp->name, &t);
	const char *text = planner_value_for(w->opt->args, w->opt->n_args, pp->name);
	use->context = PLAN_NONE;
	if (text && !type) {
		hook_fail(&w->b, NULL, "--arg: there is no struct of arguments");
		return false;
	}
	if (!text) {
		ctxuse_each(prog->insns, prog->n, w->p->big, is_read, &reads);
		if (type)
			pp->why = plan_text(&w->b,
				arena_printf(a,
					"it takes arguments (struct %s): --arg %s=MEMBER=VALUE,...",
					btf_name(&t), pp->name));
		else if (reads)
			pp->why = "it takes arguments of an unknown type";
		return !type && !reads;
	}
	use->context = plan_add_blob(&w->b, NULL, t.size, "arguments");
	if (w->b.failed)
		return false;
	const struct value to = {.btf = &w->o->btf,
		.type = type,
		.to = w->p->blobs[use->context].bytes,
		.room = t.size,
		.big = w->p->big,
		.who = "the value of --arg"};
	w->b.failed = !value_put(&to, text, w->b.e);
	return !w->b.failed;
}

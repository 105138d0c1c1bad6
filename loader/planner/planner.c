/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "planner_impl.h"

#include "elf/base/text.h"
#include "elf/btf/btf_sanitise.h"
#include "loader/plan/abi.h"
#include "loader/plan/check.h"

#include <errno.h>
#include <stdio.h>

/* ---- types ---- */

/* A fallback with the types rewritten for older kernels. */
static int16_t plan_older_types(
	struct build *w, int16_t step, const struct btf *btf, enum btf_level level)
{
	struct planner *b = &w->b;
	struct span old = btf_sanitise(btf, level, w->o->arena, b->e); /* the blob is a copy */
	if (b->e->set)
		b->failed = true;
	int16_t other = plan_add_fallback(b, step,
		plan_text(&w->b,
			arena_printf(w->p->arena, "without %s", btf_level_facts[level].drops)),
		(uint16_t[PLAN_ERRS]){EINVAL});
	attr_clear(b, other, "btf");
	attr_blob(b, other, "btf", plan_add_blob(b, old.p, old.n, "BTF"));
	attr_set(b, other, "btf_size", old.n);
	return other;
}

/* Splits the arguments of --event: MAP=STRUCT. */
static struct record_choice *read_choices(struct build *w)
{
	const struct plan_options *opt = w->opt;
	struct record_choice *list = arena_array(w->o->arena, opt->n_events, sizeof *list);
	for (size_t i = 0; list && i < opt->n_events; i++) {
		const char *equals = strchr(opt->events[i], '=');
		if (!equals || equals == opt->events[i] || !equals[1]) {
			err_set(w->b.e, "--event expects MAP=STRUCT, got '%s'", opt->events[i]);
			return NULL;
		}
		list[i].map = arena_strndup(
			w->o->arena, opt->events[i], (size_t)(equals - opt->events[i]));
		list[i].type = equals + 1;
		if (!list[i].map)
			list = NULL;
	}
	if (!list)
		err_nomem(w->b.e);
	return list;
}

static bool plan_record_types(struct build *w, const struct btf *btf, struct span *shown)
{
	struct arena *scratch = w->o->arena;
	struct record_choice *choices = read_choices(w);
	w->events = arena_array(scratch, w->o->n_maps, sizeof *w->events);
	if (!choices)
		return false;
	if (!w->events)
		return err_nomem(w->b.e);
	return w->opt->records->find(
		w->o, btf, choices, w->opt->n_events, scratch, w->events, shown, w->b.e);
}

/*
 * The types for display: those of the object, followed by types of records that only the debug
 * information contains. The latter are not loaded into the kernel.
 */
static bool plan_shown_types(struct build *w, const struct btf *btf)
{
	const struct record_finder *records = w->opt->records;
	struct span shown = btf->data;
	if (records && !plan_record_types(w, btf, &shown))
		return false;
	w->p->btf = (struct span){arena_copy(w->p->arena, shown.p, shown.n), shown.n, shown.big};
	return w->p->btf.p || err_nomem(w->b.e);
}

/* The types for the kernel, which does not accept all names that the object may use. */
static bool make_plain(struct build *w, struct btf *btf)
{
	struct span plain = btf_plain(btf, w->o->arena, w->b.e);
	return plain.p == btf->data.p ||
	       (plain.p && btf_open(btf, plain, NULL, w->o->arena, w->b.e));
}

/*
 * The object's types are loaded first: maps, function info and line info refer to them. A kernel
 * rejects all types if it does not know the kind of one. So there is a fallback for each generation
 * of kernels that lacks a kind in use. Programs also run without types.
 */
static void plan_types(struct build *w)
{
	struct planner *b = &w->b;
	struct btf btf;
	if (!w->image->btf.n || b->failed)
		return;
	if (!btf_open(&btf, w->image->btf, NULL, w->o->arena, b->e)) {
		b->failed = true;
		return;
	}
	if (!plan_shown_types(w, &btf) || !make_plain(w, &btf)) {
		b->failed = true;
		return;
	}
	struct plan_step like = {.who = "types", .doing = "load", .prog = PLAN_NONE};
	w->btf_slot = plan_add_slot(b, SLOT_BTF, "types");
	int16_t step = plan_add_step(b, STEP_BPF, BPF_BTF_LOAD, w->btf_slot, &like);
	int16_t blob = plan_add_blob(b, btf.data.p, btf.data.n, "BTF");
	attr_blob(b, step, "btf", blob);
	attr_set(b, step, "btf_size", btf.data.n);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_OPTIONAL | STEP_MEMLOCK;
	uint32_t levels = btf_levels_of(&btf);
	for (int level = 0; level < BTF_LEVELS && !b->failed; level++)
		if (levels >> level & 1)
			step = plan_older_types(w, step, &btf, (enum btf_level)level);
}

/* ---- the plan ---- */

/* Preallocates the tables: growing them would leave the old copies in the arena. */
static void make_room(struct build *w)
{
	struct plan *p = w->p;
	size_t maps = w->o->n_maps, progs = w->image->n_progs;
	p->slots_room = 4 + maps + progs * 5;
	p->steps_room = 6 + maps * 5 + progs * 11;
	p->blobs_room = 10 + maps * 7 + progs * 16;
	p->slots = arena_array(p->arena, p->slots_room, sizeof *p->slots);
	p->steps = arena_array(p->arena, p->steps_room, sizeof *p->steps);
	p->blobs = arena_array(p->arena, p->blobs_room, sizeof *p->blobs);
	if (!p->slots || !p->steps || !p->blobs)
		plan_fail_memory(&w->b);
}

bool plan_build(struct plan *p, const struct image *image, const struct plan_options *opt,
	struct target *t, struct arena *a, struct err *e)
{
	struct build w = {.p = p,
		.image = image,
		.o = image->object,
		.t = t,
		.opt = opt,
		.btf_slot = PLAN_NONE,
		.fd_array = PLAN_NONE,
		.b = {.plan = p, .e = e}};
	*p = (struct plan){
		.arena = a,
		.path = plan_text(&w.b, arena_strdup(a, image->object->path)),
		.name = plan_text(&w.b, arena_strdup(a, image->object->name)),
		.release = image->used_target ? plan_text(&w.b, arena_strdup(a, t->release)) : "",
		.machine = plan_text(&w.b, arena_strdup(a, t->machine)),
		.big = image->object->elf.file.big,
	};
	make_room(&w);
	if (opt->token)
		plan_token_open(&w);
	plan_types(&w);
	plan_maps(&w);
	plan_externs(&w);
	plan_progs(&w);
	if (opt->pin)
		plan_pins(&w);
	if (opt->token)
		plan_token_use(&w);
	if (t->btf_found)
		p->release = plan_text(
			&w.b, arena_strdup(a, t->release)); /* BTF ids are valid there only */
	if (w.b.failed)
		return err_where(e, "%s", image->object->path);
	return plan_check(p, e);
}

/* ---- object to plan ---- */

struct wanted {
	const struct plan_options *opt;
	const struct object *o;
};

bool planner_named(const struct plan_options *opt, const struct obj_func *f)
{
	for (size_t i = 0; i < opt->n_only; i++)
		if (!strcmp(opt->only[i], f->name))
			return true;
	return false;
}

/* Does a map of the object start with that program in it? */
static bool is_called(const struct object *o, const struct obj_func *f)
{
	for (size_t i = 0; i < o->n_maps; i++)
		for (size_t k = 0; o->maps[i].kind == OBJ_MAP_DECLARED && k < o->maps[i].n_slots;
			k++)
			if (o->maps[i].slots[k].func == f)
				return true;
	return false;
}

/* A struct_ops that is made on request only: one of its programs has to be named. */
bool planner_creates_map(const struct plan_options *opt, const struct obj_map *m)
{
	bool wanted = !m->no_autocreate;
	for (size_t i = 0; i < m->n_slots && !wanted; i++)
		wanted = m->slots[i].func && planner_named(opt, m->slots[i].func);
	return wanted;
}

/* Programs of a struct_ops come and go with it: 1 wanted, 0 not; -1 it belongs to none. */
static int is_wanted_by_struct_ops(const struct wanted *w, const struct obj_func *f)
{
	int answer = -1;
	for (size_t i = 0; i < w->o->n_maps; i++) {
		const struct obj_map *m = &w->o->maps[i];
		for (size_t k = 0; m->kind == OBJ_MAP_STRUCT_OPS && k < m->n_slots; k++)
			if (m->slots[k].func == f && answer < 1)
				answer = planner_creates_map(w->opt, m);
	}
	return answer;
}

/* An optional program that tail calls lead to is loaded for them, and attached nowhere. */
static bool is_wanted(void *ctx, const struct obj_func *f)
{
	const struct wanted *w = ctx;
	int by_map = is_wanted_by_struct_ops(w, f);
	if (by_map >= 0 && !w->opt->n_only)
		return by_map;
	if (f->no_autoload && is_called(w->o, f))
		return true;
	return w->opt->n_only ? planner_named(w->opt, f) : !f->no_autoload;
}

/* What is run has to have a program; what is looked at or loaded may have only maps. */
/* Is there a program of that name (n characters)? names: of those that there are. */
static bool check_name(
	const struct object *o, const char *name, size_t n, const char *names, struct err *e)
{
	for (size_t i = 0; i < o->n_funcs; i++)
		if (o->funcs[i].entry && strlen(o->funcs[i].name) == n &&
			!strncmp(o->funcs[i].name, name, n))
			return true;
	err_set(e, "%s: there is no program '%.*s'", o->path, (int)n, name);
	return err_hint(e, "its programs are: %s", names);
}

static bool check_wanted(const struct object *o, const struct wanted *w, struct err *e)
{
	bool any = w->opt->show || w->opt->load_only;
	char names[400] = "";
	for (size_t i = 0; i < o->n_funcs; i++)
		if (o->funcs[i].entry)
			text_list(names, sizeof names, "%s", o->funcs[i].name);
	for (size_t k = 0; k < w->opt->n_only; k++)
		if (!check_name(o, w->opt->only[k], strlen(w->opt->only[k]), names, e))
			return false;
	for (size_t k = 0; k < w->opt->n_target_args; k++) {
		const char *on = w->opt->target_args[k], *equals = strchr(on, '=');
		if (equals && !check_name(o, on, (size_t)(equals - on), names, e))
			return false;
	}
	if (!*names && !any) {
		err_set(e, "%s: there is no program in it", o->path);
		return err_hint(e,
			"a program is a function with a section that says where it goes: "
			"SEC(\"tp/...\") int f(void *ctx)");
	}
	for (size_t i = 0; i < o->n_funcs && !any; i++)
		any = o->funcs[i].entry && is_wanted((void *)(uintptr_t)w, &o->funcs[i]);
	if (!any) {
		err_set(e, "%s: all of its programs are optional (SEC(\"?...\"))", o->path);
		return err_hint(e, "choose with --only: %s", names);
	}
	return true;
}

/* Everything of the object and the image lives in scratch; the plan keeps nothing of them. */
static bool link_and_plan(struct plan *p, const char *path, struct span bytes, struct wanted *w,
	const struct plan_options *opt, struct target *t, struct arena *a, struct arena *scratch,
	struct err *e)
{
	struct object o;
	struct image image;
	w->o = &o;
	if (!object_open(&o, path, bytes, scratch, e) || !check_wanted(&o, w, e))
		return false;
	struct kernel_types none = {0},
			    *types = object_needs_kernel_btf(&o) ? target_types(t, e) : &none;
	const struct kernel_facts facts = target_facts(t);
	if (e->set) {
		target_close(t);
		return err_where(e, "%s", path);
	}
	struct link_options link = {.wanted = is_wanted,
		.ctx = w,
		.types = types,
		.facts = &facts,
		.watch = opt->watch};
	bool ok = image_link(&image, &o, &link, e) && plan_build(p, &image, opt, t, a, e);
	target_close(t);
	return ok;
}

bool plan_object(struct plan *p, const char *path, struct span bytes,
	const struct plan_options *opt, struct target *t, struct arena *a, struct err *e)
{
	struct arena scratch = {0};
	struct wanted w = {.opt = opt};
	bool ok = link_and_plan(p, path, bytes, &w, opt, t, a, &scratch, e);
	arena_free(&scratch);
	return ok;
}

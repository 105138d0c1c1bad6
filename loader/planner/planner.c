/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "planner_impl.h"

#include "loader/plan/abi.h"
#include "loader/plan/check.h"

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

bool planner_serves_before(const struct build *w, uint32_t version)
{
	return !w->opt->at_once || abi_parse_version(w->t->release) < version;
}

static bool plan_build(struct plan *p, const struct image *image, const struct plan_options *opt,
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
	if (opt->pin && !sonde_pins)
		hook_fail(&w.b, NULL, "pin %s: this program is linked without pins", opt->pin);
	else if (opt->pin)
		sonde_pins->begin(&w);
	plan_types(&w);
	plan_maps(&w);
	plan_externs(&w);
	plan_progs(&w);
	if (opt->pin && sonde_pins)
		sonde_pins->end(&w);
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

enum { SCRATCH_ROOM = 48 << 10 }; /* small objects need no more */

/* The object and the image are allocated from scratch; the plan does not refer to them. */
static bool link_and_plan(struct plan *p, const char *path, struct span bytes, struct autoload *w,
	const struct plan_options *opt, struct target *t, struct arena *a, struct arena *scratch,
	struct err *e)
{
	struct object o;
	struct image image;
	w->o = &o;
	if (!object_open(&o, path, bytes, scratch, e) || !planner_check_names(w, e))
		return false;
	planner_set_types(&o, opt);
	struct kernel_types none = {0}, *types = object_needs_kernel_btf(&o)
	                                                 ? target_types_lazily(t, e)
	                                                 : &none;
	struct kernel_facts facts = target_facts(t);
	if (sonde_layouts)
		facts.event_format = sonde_layouts->event_format;
	if (e->set) {
		target_close(t);
		return err_where(e, "%s", path);
	}
	struct link_options link = {.autoload = planner_autoloads,
		.ctx = w,
		.types = types,
		.facts = &facts,
		.layouts = sonde_layouts ? sonde_layouts->find : NULL,
		.watch = opt->watch};
	bool ok = image_link(&image, &o, &link, e) && plan_build(p, &image, opt, t, a, e);
	target_close(t);
	return ok;
}

bool plan_object(struct plan *p, const char *path, struct span bytes,
	const struct plan_options *opt, struct target *t, struct arena *a, struct err *e)
{
	struct arena scratch = {0};
	_Alignas(16) unsigned char room[SCRATCH_ROOM];
	struct autoload w = {.opt = opt};
	arena_lend(&scratch, room, sizeof room);
	bool ok = link_and_plan(p, path, bytes, &w, opt, t, a, &scratch, e);
	arena_free(&scratch);
	return ok;
}

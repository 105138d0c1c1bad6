/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Pins: names in a bpf file system that keep what they name alive.
 *
 * Rule for --pin DIR: maps go to DIR/map, programs to DIR/prog, under their full names of the
 * object. The file system takes no dot in a name; it becomes '_'. Every folder and pin has a step
 * that removes it when a later one fails: a plan stays as a whole or not at all.
 */
#include "planner_impl.h"

#include "loader/plan/abi.h"

#include <errno.h>

static const char usual_place[] = "/sys/fs/bpf/";

static int16_t path_blob(struct build *w, const char *path)
{
	return plan_add_blob(&w->b, path, strlen(path) + 1, "path");
}

/* What removes a file or folder again if the plan fails. */
static void undo_path(struct build *w, int16_t step, int16_t path)
{
	struct plan_step *s = plan_step_at(&w->b, plan_add_undo(&w->b, STEP_REMOVE, 0, step));
	s->doing = "clean up";
	s->flags |= STEP_ON_FAILURE;
	s->args[0].blob = path;
}

static void plan_folder(struct build *w, const char *path)
{
	struct plan_step like = {
		.who = plan_text(&w->b, arena_printf(w->p->arena, "folder %s", path)),
		.doing = "make",
		.prog = PLAN_NONE};
	int16_t blob = path_blob(w, path),
		step = plan_add_step(&w->b, STEP_MKDIR, 0, PLAN_NONE, &like);
	struct plan_step *s = plan_step_at(&w->b, step);
	s->args[0].blob = blob;
	s->flags |= STEP_OPTIONAL; /* where it is there already; else the pin tells */
	undo_path(w, step, blob);
}

/* A path just made (NULL: memory is short), with the dots of its last part replaced. */
static const char *without_dots(struct build *w, char *path)
{
	for (char *p = path ? strrchr(path, '/') : NULL; p && *p; p++)
		*p = *p == '.' ? '_' : *p;
	return plan_text(&w->b, path);
}

/* "DIR/kind/name". */
static const char *pin_path(struct build *w, const char *kind, const char *name)
{
	return without_dots(w, arena_printf(w->p->arena, "%s/%s/%s", w->opt->pin, kind, name));
}

static void plan_mount(struct build *w)
{
	struct plan_step like = {.who = "the bpf file system", .doing = "mount", .prog = PLAN_NONE};
	for (size_t i = 0; i < w->p->n_steps; i++)
		if (w->p->steps[i].op == STEP_MOUNT)
			return;
	plan_add_step(&w->b, STEP_MOUNT, KFS_BPF, PLAN_NONE, &like);
}

static int16_t add_pin(
	struct build *w, int16_t slot, const char *path, const struct plan_step *like)
{
	static const char elsewhere[] = "pins are in a bpf file system: /sys/fs/bpf/NAME";
	struct planner *b = &w->b;
	int16_t blob = path_blob(w, path);
	int16_t step = plan_add_step(b, STEP_BPF, BPF_OBJ_PIN, PLAN_NONE, like);
	attr_blob(b, step, "pathname", blob);
	attr_slot(b, step, "bpf_fd", slot);
	plan_add_hint(
		b, step, EEXIST, "something is pinned there: remove it, or choose another place");
	plan_add_hint(b, step, EPERM, elsewhere);
	plan_add_hint(b, step, EINVAL, elsewhere);
	plan_add_hint(b, step, ENOENT, elsewhere);
	undo_path(w, step, blob);
	return step;
}

static void plan_pin(struct build *w, int16_t slot, const char *kind, const char *name)
{
	struct plan_step like = {.doing = "pin",
		.prog = PLAN_NONE,
		.who = plan_text(&w->b, arena_printf(w->p->arena, "%s '%s'",
						kind[0] == 'm' ? "map" : "program", name))};
	if (slot != PLAN_NONE)
		add_pin(w, slot, pin_path(w, kind, name), &like);
}

/* ---- pinned by name ---- */

static const char *own_path(struct build *w, const struct obj_map *m)
{
	return without_dots(w, arena_printf(w->p->arena, "%s%s", usual_place, m->name));
}

static struct plan_step for_map(struct build *w, const struct obj_map *m, const char *doing)
{
	return (struct plan_step){.doing = doing,
		.prog = PLAN_NONE,
		.who = plan_text(&w->b, arena_printf(w->p->arena, "map '%s'", m->name))};
}

int16_t plan_pinned_find(struct build *w, const struct obj_map *m, int16_t slot)
{
	struct planner *b = &w->b;
	struct plan_step like = for_map(w, m, "look for its pin");
	plan_mount(w);
	int16_t path = path_blob(w, own_path(w, m));
	int16_t step = plan_add_step(b, STEP_BPF, BPF_OBJ_GET, slot, &like);
	attr_blob(b, step, "pathname", path);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_OPTIONAL;
	return step;
}

void plan_pinned_keep(
	struct build *w, const struct obj_map *m, int16_t slot, int16_t found, int16_t created)
{
	struct planner *b = &w->b;
	const char *path = own_path(w, m);
	struct plan_step like = for_map(w, m, "reuse its pin");
	int16_t step = plan_add_step(b, STEP_SAME, 0, PLAN_NONE, &like);
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].slot = slot;
	s->args[1].value = created;
	s->note = "one that is pinned already must be of the same shape";
	plan_add_hint(b, step, EEXIST,
		plan_text(&w->b, arena_printf(w->p->arena,
					 "the map pinned at %s has another type, size or "
					 "flags: rm %s, if nobody needs it",
					 path, path)));
	like.doing = "pin";
	step = add_pin(w, slot, path, &like);
	s = plan_step_at(b, step);
	s->fallback_for = found;
	s->errs[0] = ERRS_ANY;
	s->flags |= STEP_NOTICE;
	s->note = plan_text(&w->b, arena_printf(w->p->arena,
					   "it asks to stay, pinned at %s; rm %s "
					   "removes it",
					   path, path));
}

/* ---- all of a plan ---- */

void plan_pins(struct build *w)
{
	struct plan *p = w->p;
	if (!strncmp(w->opt->pin, usual_place, sizeof usual_place - 1))
		plan_mount(w);
	plan_folder(w, w->opt->pin);
	if (p->n_maps)
		plan_folder(w, plan_text(&w->b, arena_printf(p->arena, "%s/map", w->opt->pin)));
	for (size_t i = 0; i < p->n_maps && !w->b.failed; i++)
		plan_pin(w, p->maps[i].slot, "map", p->maps[i].name);
	plan_folder(w, plan_text(&w->b, arena_printf(p->arena, "%s/prog", w->opt->pin)));
	for (size_t i = 0; i < p->n_progs && !w->b.failed; i++)
		plan_pin(w, p->progs[i].slot, "prog", p->progs[i].name);
}

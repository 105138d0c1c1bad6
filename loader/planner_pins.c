/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Pins: names in a bpf file system that keep what they name alive.
 *
 * Rule: maps go to DIR/map, programs to DIR/prog, under their full names of the object. The file
 * system takes no dot in a name; it becomes '_'. Every folder and pin has a step that removes it
 * when a later one fails: a plan stays as a whole or not at all.
 */
#include "planner_parts.h"

#include "abi.h"

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
	if (!s)
		return;
	s->doing = "clean up";
	s->flags |= STEP_ON_FAILURE;
	s->args[0].blob = path;
}

static void plan_folder(struct build *w, const char *path)
{
	struct plan_step like = {
		.who = planner_text(w, arena_printf(w->p->arena, "folder %s", path)),
		.doing = "make",
		.prog = PLAN_NONE};
	int16_t blob = path_blob(w, path),
		step = plan_add_step(&w->b, STEP_MKDIR, 0, PLAN_NONE, &like);
	struct plan_step *s = plan_step_at(&w->b, step);
	if (s) {
		s->args[0].blob = blob;
		s->flags |= STEP_OPTIONAL; /* where it is there already; else the pin tells */
	}
	undo_path(w, step, blob);
}

/* "DIR/kind/name", dots replaced in the name. */
static const char *pin_path(struct build *w, const char *kind, const char *name)
{
	char *path =
		planner_text(w, arena_printf(w->p->arena, "%s/%s/%s", w->opt->pin, kind, name));
	for (char *p = path ? strrchr(path, '/') : NULL; p && *p; p++)
		*p = *p == '.' ? '_' : *p;
	return path ? path : "";
}

static void plan_pin(struct build *w, int16_t slot, const char *kind, const char *name)
{
	struct planner *b = &w->b;
	struct plan_step like = {.doing = "pin",
		.prog = PLAN_NONE,
		.who = planner_text(w, arena_printf(w->p->arena, "%s '%s'",
					       kind[0] == 'm' ? "map" : "program", name))};
	int16_t path = path_blob(w, pin_path(w, kind, name));
	int16_t step = plan_add_step(b, STEP_BPF, BPF_OBJ_PIN, PLAN_NONE, &like);
	attr_blob(b, step, "pathname", path);
	attr_slot(b, step, "bpf_fd", slot);
	plan_add_hint(b, step, EEXIST,
		"something is pinned there: remove it, or choose another --pin DIR");
	static const char elsewhere[] =
		"--pin takes a folder of a bpf file system: /sys/fs/bpf/NAME";
	plan_add_hint(b, step, EPERM, elsewhere);
	plan_add_hint(b, step, EINVAL, elsewhere);
	plan_add_hint(b, step, ENOENT, elsewhere);
	undo_path(w, step, path);
}

void plan_pins(struct build *w)
{
	struct plan *p = w->p;
	struct plan_step like = {.who = "the bpf file system", .doing = "mount", .prog = PLAN_NONE};
	if (!strncmp(w->opt->pin, usual_place, sizeof usual_place - 1))
		plan_add_step(&w->b, STEP_MOUNT, KFS_BPF, PLAN_NONE, &like);
	plan_folder(w, w->opt->pin);
	if (p->n_maps)
		plan_folder(w, planner_text(w, arena_printf(p->arena, "%s/map", w->opt->pin)));
	for (size_t i = 0; i < p->n_maps && !w->b.failed; i++)
		plan_pin(w, p->maps[i].slot, "map", p->maps[i].name);
	plan_folder(w, planner_text(w, arena_printf(p->arena, "%s/prog", w->opt->pin)));
	for (size_t i = 0; i < p->n_progs && !w->b.failed; i++)
		plan_pin(w, p->progs[i].slot, "prog", p->progs[i].name);
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Pins: files in a bpf file system that keep maps and programs loaded.
 *
 * --pin DIR pins maps in DIR/map and programs in DIR/prog, with their full names from the object; with
 * --attach also links, in DIR/link, with the names of their programs; all under another name of DIR first
 * (planner_folder.c).
 * The file system accepts no dots in names; they become '_'. Every directory and pin has a step that
 * removes it if a later step fails, so that either everything is pinned or nothing.
 */
#include "planner_impl.h"

#include "loader/plan/abi.h"

#include <errno.h>

static const char bpffs[] = "/sys/fs/bpf/";
static const char elsewhere[] = "pins must be in a bpf file system: /sys/fs/bpf/NAME";

static const char dotted[] = "names in a bpf file system have no dots, and pins must be in one: "
			     "/sys/fs/bpf/NAME";

/* Does a name in the path have a dot? The file system denies that with EPERM. */
static bool has_dot(const char *path)
{
	for (size_t n; *path; path += n + (path[n] == '/')) {
		n = strcspn(path, "/");
		if (memchr(path, '.', n) && n != strspn(path, "."))
			return true;
	}
	return false;
}

const char *planner_denied_path(const char *path)
{
	return has_dot(path) ? dotted : elsewhere;
}

int16_t planner_path_blob(struct build *w, const char *path)
{
	return plan_add_blob(&w->b, path, strlen(path) + 1, "path");
}

void planner_undo_path(struct build *w, int16_t step, int16_t path)
{
	struct plan_step *s = plan_step_at(&w->b, plan_add_undo(&w->b, STEP_REMOVE, 0, step));
	s->doing = "clean up";
	s->flags |= STEP_ON_FAILURE;
	s->args[0].blob = path;
}

static void plan_directory(struct build *w, const char *kind)
{
	const char *path = plan_text(&w->b, arena_printf(w->p->arena, "%s/%s", w->stage, kind));
	struct plan_step like = {
		.who = plan_text(&w->b, arena_printf(w->p->arena, "directory %s", path)),
		.doing = "create",
		.prog = PLAN_NONE};
	int16_t blob = planner_path_blob(w, path),
		step = plan_add_step(&w->b, STEP_MKDIR, 0, PLAN_NONE, &like);
	plan_step_at(&w->b, step)->args[0].blob = blob;
	planner_undo_path(w, step, blob);
}

/* Replaces dots in the last component of a path. path: NULL if out of memory. */
static const char *without_dots(struct build *w, char *path)
{
	for (char *p = path ? strrchr(path, '/') : NULL; p && *p; p++)
		*p = *p == '.' ? '_' : *p;
	return plan_text(&w->b, path);
}

const char *planner_pin_path(struct build *w, const char *dir, const char *kind, const char *name)
{
	return without_dots(w, arena_printf(w->p->arena, "%s/%s/%s", dir, kind, name));
}

void planner_mount(struct build *w)
{
	struct plan_step like = {.who = "the bpf file system", .doing = "mount", .prog = PLAN_NONE};
	for (size_t i = 0; i < w->p->n_steps; i++)
		if (w->p->steps[i].op == STEP_MOUNT)
			return;
	plan_add_step(&w->b, STEP_MOUNT, KFS_BPF, PLAN_NONE, &like);
}

int16_t planner_pin_step(
	struct build *w, int16_t slot, const char *path, const struct plan_step *like)
{
	struct plan_builder *b = &w->b;
	int16_t blob = planner_path_blob(w, path);
	int16_t step = plan_add_step(b, STEP_BPF, BPF_OBJ_PIN, PLAN_NONE, like);
	attr_blob(b, step, ATTR(pathname), blob);
	attr_slot(b, step, ATTR(bpf_fd), slot);
	planner_undo_path(w, step, blob);
	return step;
}

static int16_t add_pin(
	struct build *w, int16_t slot, const char *path, const struct plan_step *like)
{
	struct plan_builder *b = &w->b;
	int16_t step = planner_pin_step(w, slot, path, like);
	plan_add_hint(b, step, EEXIST, "something is pinned there: remove it");
	plan_add_hint(b, step, EPERM, planner_denied_path(path));
	plan_add_hint(b, step, EINVAL, elsewhere);
	plan_add_hint(b, step, ENOENT, elsewhere);
	return step;
}

static void plan_pin(struct build *w, int16_t slot, const char *kind, const char *name)
{
	struct plan_step like = {.doing = "pin",
		.prog = PLAN_NONE,
		.who = plan_text(&w->b, arena_printf(w->p->arena, "%s '%s'",
						kind[0] == 'm' ? "map" : "program", name))};
	if (slot != PLAN_NONE)
		add_pin(w, slot, planner_pin_path(w, w->stage, kind, name), &like);
}

/* ---- maps that are pinned already ---- */

static bool is_named(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

/* What belongs to the code is new with it: variables, constants, programs for tail calls, callbacks. */
static bool keeps_contents(const struct build *w, const struct obj_map *m)
{
	return w->opt->pin && w->opt->replace && m->kind == OBJ_MAP_DECLARED &&
	       m->map_type != BPF_MAP_TYPE_PROG_ARRAY && m->map_type != BPF_MAP_TYPE_ARENA &&
	       !is_named(w->opt->empty, w->opt->n_empty, m->name);
}

bool planner_may_be_pinned(const struct build *w, const struct obj_map *m)
{
	return m->pinned || keeps_contents(w, m);
}

static const char *own_path(struct build *w, const struct obj_map *m)
{
	return m->pinned ? without_dots(w, arena_printf(w->p->arena, "%s%s", bpffs, m->name))
	                 : planner_pin_path(w, w->folder, "map", m->name);
}

static struct plan_step for_map(struct build *w, const struct obj_map *m, const char *doing)
{
	return (struct plan_step){.doing = doing,
		.prog = PLAN_NONE,
		.who = plan_text(&w->b, arena_printf(w->p->arena, "map '%s'", m->name))};
}

int16_t plan_pinned_find(struct build *w, const struct obj_map *m, int16_t slot)
{
	const struct plan_step like = for_map(w, m, "");
	if (m->pinned)
		planner_mount(w);
	return hook_old_pin(&w->b, &like, own_path(w, m), slot);
}

void plan_pinned_keep(
	struct build *w, const struct obj_map *m, int16_t slot, int16_t found, int16_t created)
{
	struct plan_builder *b = &w->b;
	const char *path = own_path(w, m);
	struct plan_step like = for_map(w, m, "reuse its pin");
	int16_t step = plan_add_step(b, STEP_SAME, 0, PLAN_NONE, &like);
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].slot = slot;
	s->args[1].value = created;
	s->note = "a map that is already pinned must have the same type, sizes and flags";
	plan_add_hint(b, step, EEXIST,
		plan_text(&w->b, arena_printf(w->p->arena,
					 m->pinned ? "rm %s if the pinned map is no longer needed"
						   : "--empty %s replaces it by an empty map",
					 m->pinned ? path : m->name)));
	if (!m->pinned)
		return;
	like.doing = "pin";
	step = add_pin(w, slot, path, &like);
	s = plan_step_at(b, step);
	s->fallback_for = found;
	s->errs[0] = ENOENT;
	s->flags |= STEP_NOTICE;
	s->note = plan_text(&w->b, arena_printf(w->p->arena,
					   "pinned at %s as its definition requests; rm "
					   "%s removes it",
					   path, path));
}

/* ---- pinning everything ---- */

/* Whether one of the steps that fill the slot is repeated for each CPU, with a link for each. */
static bool has_link_per_cpu(const struct plan *p, int16_t slot)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].slot == slot && p->steps[i].flags & STEP_EACH_CPU)
			return true;
	return false;
}

/* How many slots before this one have its name: a program with several targets. */
static unsigned links_before(const struct plan *p, size_t slot)
{
	unsigned n = 0;
	for (size_t i = 0; i < slot; i++)
		n += p->slots[i].kind == SLOT_LINK &&
		     !strcmp(p->slots[i].name, p->slots[slot].name);
	return n;
}

/* A program that is called has run; nothing of it is attached. */
static bool is_called(const struct plan *p, int16_t slot)
{
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].link == slot)
			return p->progs[i].prog_type == BPF_PROG_TYPE_SYSCALL;
	return false;
}

const char *planner_link_name(struct build *w, int16_t slot)
{
	const char *name = w->b.failed ? "" : w->p->slots[slot].name;
	unsigned before = w->b.failed ? 0 : links_before(w->p, (size_t)slot);
	return before ? plan_text(&w->b, arena_printf(w->p->arena, "%s-%u", name, before + 1))
	              : name;
}

static void plan_link_pin(struct build *w, int16_t slot)
{
	static const char no_link[] =
		"this kernel attaches it without a link, which ends with the process: "
		"sonde run keeps it attached as long as it runs";
	struct plan_builder *b = &w->b;
	const char *name = w->p->slots[slot].name;
	struct plan_step like = {.doing = "pin its link",
		.prog = PLAN_NONE,
		.who = plan_text(b, arena_printf(w->p->arena, "program '%s'", name))};
	if (has_link_per_cpu(w->p, slot)) {
		err_set(b->e, "%s: it has a link for each CPU, which can't be kept together",
			like.who);
		err_hint(b->e, "--skip %s leaves it out; sonde run attaches it", name);
		b->failed = true;
		return;
	}
	int16_t step = planner_pin_step(
		w, slot, planner_pin_path(w, w->stage, "link", planner_link_name(w, slot)), &like);
	plan_add_hint(b, step, EBADF, no_link);
	plan_add_hint(b, step, EINVAL, no_link);
}

static void plan_link_pins(struct build *w)
{
	struct plan *p = w->p;
	plan_directory(w, "link");
	for (size_t i = 0; i < p->n_slots && !w->b.failed; i++)
		if (p->slots[i].kind == SLOT_LINK && !is_called(p, (int16_t)i))
			plan_link_pin(w, (int16_t)i);
}

void plan_pins(struct build *w)
{
	struct plan *p = w->p;
	if (p->n_maps)
		plan_directory(w, "map");
	for (size_t i = 0; i < p->n_maps && !w->b.failed; i++)
		plan_pin(w, p->maps[i].slot, "map", p->maps[i].name);
	plan_directory(w, "prog");
	for (size_t i = 0; i < p->n_progs && !w->b.failed; i++)
		plan_pin(w, p->progs[i].slot, "prog", p->progs[i].name);
	if (w->opt->leave)
		plan_link_pins(w);
}

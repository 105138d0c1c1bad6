/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The folder of --pin DIR. It is made as DIR~new and gets its name when it is complete, so that DIR appears
 * complete or not at all. With --replace, DIR may exist: maps are taken from it (planner_pins.c), links get
 * their new programs, or new ones attach before the old ones end (hook.c), and at last the two folders
 * exchange their names and the old one is removed.
 */
#include "planner_impl.h"

#include "elf/base/format.h"
#include "elf/base/text.h"
#include "loader/plan/abi.h"

#include <errno.h>

static const char folder_exists[] =
	"it has entries: --replace upgrades what is pinned there; sonde unload can remove it, or "
	"choose another path";

static const char not_ours[] =
	"--replace is for directories that sonde load --pin has made: this one "
	"has other entries, too";
static const char attached[] = "it keeps links, which --attach replaces, or other entries";

static struct plan_step for_folder(struct build *w, const char *doing)
{
	return (struct plan_step){.doing = doing,
		.prog = PLAN_NONE,
		.who = plan_text(&w->b, arena_printf(w->p->arena, "directory %s", w->opt->pin))};
}

static int16_t add(struct build *w, enum step_op op, const char *doing)
{
	const struct plan_step like = for_folder(w, doing);
	return plan_add_step(&w->b, op, 0, PLAN_NONE, &like);
}

static void name_folder(struct build *w)
{
	struct arena *a = w->p->arena;
	int n = (int)strlen(w->opt->pin);
	while (n > 1 && w->opt->pin[n - 1] == '/')
		n--;
	w->folder = plan_text(&w->b, arena_printf(a, "%.*s", n, w->opt->pin));
	w->stage = plan_text(&w->b, arena_printf(a, "%s" PLAN_STAGE, w->folder));
}

/* Names of --empty that no map has. */
static void check_empty(struct build *w)
{
	char names[400] = "";
	for (size_t i = 0; i < w->opt->n_empty && !w->b.failed; i++) {
		bool found = false;
		*names = 0;
		for (size_t k = 0; k < w->o->n_maps; k++) {
			found |= !strcmp(w->o->maps[k].name, w->opt->empty[i]);
			text_list(names, sizeof names, "%s", w->o->maps[k].name);
		}
		if (!found)
			hook_fail(&w->b,
				plan_text(&w->b,
					arena_printf(w->p->arena, "its maps are: %s", names)),
				"--empty: there is no map '%s'", w->opt->empty[i]);
	}
}

static void begin(struct build *w)
{
	static const char standard[] = "/sys/fs/bpf/";
	struct plan_builder *b = &w->b;
	name_folder(w);
	check_empty(w);
	if (!strncmp(w->folder, standard, strlen(standard)))
		planner_mount(w);
	const struct plan_step like = for_folder(w, "create");
	int16_t stage = planner_path_blob(w, w->stage), folder = planner_path_blob(w, w->folder);
	int16_t step = plan_add_step(
		b, STEP_STAGE, 0, plan_add_slot(b, SLOT_FILE, "lock of the directory"), &like);
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].blob = stage;
	s->args[1].blob = folder;
	s->args[2].value = w->opt->replace ? 1 + w->opt->leave : 0;
	s->hint = planner_denied_path("");
	plan_add_hint(b, step, EINVAL, planner_denied_path(""));
	plan_add_hint(b, step, EPERM, planner_denied_path(w->folder));
	plan_add_hint(b, step, w->opt->replace ? ENOTEMPTY : EEXIST,
		!w->opt->replace ? folder_exists
		: w->opt->leave  ? not_ours
				 : attached);
	plan_add_hint(b, step, EBUSY, "another sonde load is making it");
	planner_undo_path(w, step, stage);
}

/* ---- the record ---- */

/* As struct pin_record, which the executor completes (loader/kernel/pin_record.h). */
static int16_t record_blob(struct build *w)
{
	enum { MAKER = 32, MAKER_ROOM = 32, OBJECT = 64 };
	char bytes[PLAN_RECORD] = "snd1";
	const char *maker = w->opt->maker ? w->opt->maker : "libsonde";
	text_print(bytes + MAKER, MAKER_ROOM, "%s", maker);
	text_print(bytes + OBJECT, PLAN_RECORD - OBJECT, "%s", w->p->name);
	return plan_add_blob(&w->b, bytes, sizeof bytes, "record");
}

static void plan_record(struct build *w)
{
	static const char name[] = "sonde_record";
	struct plan_builder *b = &w->b;
	const struct plan_step like = {.who = "record", .doing = "create", .prog = PLAN_NONE};
	int16_t slot = plan_add_slot(b, SLOT_MAP, "record");
	int16_t step = plan_add_step(b, STEP_BPF, BPF_MAP_CREATE, slot, &like);
	attr_set(b, step, ATTR(map_type), BPF_MAP_TYPE_ARRAY);
	attr_set(b, step, ATTR(key_size), sizeof(uint32_t));
	attr_set(b, step, ATTR(value_size), PLAN_RECORD);
	attr_set(b, step, ATTR(max_entries), 1);
	if (!planner_serves_before(w, ABI_VERSION(4, 15)))
		attr_name(b, step, ATTR(map_name), name);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_MEMLOCK;
	s->note = "tells sonde list who has pinned what";
	int16_t blob = record_blob(w);
	struct plan_step sign = like, fill = like, pin = like;
	sign.doing = "sign";
	fill.doing = "fill";
	pin.doing = "pin";
	plan_step_at(b, plan_add_step(b, STEP_SIGN, 0, PLAN_NONE, &sign))->args[0].blob = blob;
	const uint32_t key = 0;
	step = plan_add_step(b, STEP_BPF, BPF_MAP_UPDATE_ELEM, PLAN_NONE, &fill);
	attr_slot(b, step, ATTR(map_fd), slot);
	attr_blob(b, step, ATTR(key), plan_add_blob(b, &key, sizeof key, "key"));
	attr_blob(b, step, ATTR(value), blob);
	attr_set(b, step, ATTR(flags), BPF_ANY);
	planner_pin_step(
		w, slot, plan_text(b, arena_printf(w->p->arena, "%s/record", w->stage)), &pin);
}

/* ---- the end ---- */

static void plan_access(struct build *w, int16_t stage, int16_t folder)
{
	const struct plan_options *opt = w->opt;
	if (!opt->access && !opt->replace)
		return;
	int16_t step = add(w, STEP_ACCESS, "set mode and owner");
	struct plan_step *s = plan_step_at(&w->b, step);
	s->args[0].blob = stage;
	s->args[1].blob = opt->replace ? folder : PLAN_NONE;
	s->args[2].value = opt->access ? opt->mode : -1;
	s->args[3].value = opt->access ? opt->uid : -1;
	s->args[4].value = opt->access ? opt->gid : -1;
	plan_add_hint(&w->b, step, EPERM, "giving files to another user requires CAP_CHOWN");
}

static void end(struct build *w)
{
	struct plan_builder *b = &w->b;
	plan_pins(w);
	if (b->failed)
		return;
	plan_record(w);
	int16_t stage = planner_path_blob(w, w->stage), folder = planner_path_blob(w, w->folder);
	plan_access(w, stage, folder);
	int16_t step = add(w, STEP_MOVE, "name");
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].blob = stage;
	s->args[1].blob = folder;
	s->args[2].value = w->opt->replace;
	s->note = w->opt->replace ? "at once since 5.16, before in three renames" : "";
	plan_add_hint(b, step, ENOTEMPTY, folder_exists);
	s = plan_step_at(b, plan_add_undo(b, STEP_MOVE, 0, step));
	s->args[0].blob = folder;
	s->args[1].blob = stage;
	s->args[2].value = w->opt->replace;
	s->flags |= STEP_ON_FAILURE;
	if (!w->opt->replace)
		return;
	step = add(w, STEP_CLEAR, "remove what it replaces");
	plan_step_at(b, step)->args[0].blob = stage;
	/* The new one is complete: nothing is taken back. */
	plan_tolerate(b, step, (uint16_t[PLAN_ERRS]){ERRS_ANY});
}

static void old_pins(struct build *w, struct hook_use *use)
{
	if (!w->opt->replace || !w->opt->leave || w->b.failed)
		return;
	use->old_link =
		planner_pin_path(w, w->folder, "link", planner_link_name(w, use->link_slot));
	use->old_prog = planner_pin_path(w, w->folder, "prog", w->p->slots[use->prog_slot].name);
}

static const struct sonde_pinning pinning = {begin, end, old_pins};
const struct sonde_pinning *const sonde_pins = &pinning;
HOOK_NEEDS(pin_folders_are_executed); /* kernel/pin_folder.c */
HOOK_NEEDS(pin_records_are_executed); /* kernel/pin_record.c */

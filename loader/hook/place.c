/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "place.h"

#include "loader/plan/abi.h"

#include <errno.h>

const char place_cgroup_missing[] =
	"a cgroup is a directory of cgroup2, created with mkdir; a path without a leading '/' is "
	"relative to its root, '.' is the root itself";
const char place_cgroup_other[] =
	"not a directory of cgroup2: see the mounts of type cgroup2 in /proc/mounts";
const char place_receiver_missing[] = "a receiver is a device such as /dev/lirc0";

int16_t place_open(struct plan_builder *b, const struct hook_use *use, uint32_t file_system,
	const char *path, int flags, const char *what, const char *hint)
{
	struct arena *a = b->plan->arena;
	struct plan_step like = use->like;
	const char *name = plan_text(b, arena_printf(a, "%s %s", what, path));
	hook_check_path(b, file_system, path);
	like.doing = plan_text(b, arena_printf(a, "open the %s", what));
	int16_t slot = plan_add_slot(b, SLOT_FILE, name);
	int16_t blob = plan_add_blob(b, path, strlen(path) + 1, "path");
	struct plan_step *s =
		plan_step_at(b, plan_add_step(b, STEP_OPEN, file_system, slot, &like));
	s->args[0].blob = blob;
	s->args[1].value = flags;
	s->hint = hint;
	return slot;
}

int16_t place_pin(struct plan_builder *b, const struct hook_use *use, const char *path,
	enum slot_kind kind, const char *what)
{
	struct plan_step like = use->like;
	like.doing = plan_text(b, arena_printf(b->plan->arena, "open the %s", what));
	int16_t slot = plan_add_slot(b, kind, path);
	int16_t step = plan_add_step(b, STEP_BPF, BPF_OBJ_GET, slot, &like);
	attr_blob(b, step, ATTR(pathname), plan_add_blob(b, path, strlen(path) + 1, "path"));
	plan_add_hint(b, step, ENOENT, "nothing is pinned there");
	return slot;
}

int16_t place_link(
	struct plan_builder *b, const struct hook_use *use, int16_t target, uint32_t attach_type)
{
	int16_t step = hook_add_link(b, use, use->link_slot, attach_type);
	attr_slot(b, step, ATTR(link_create.target_fd), target);
	return step;
}

/* The fields that BPF_PROG_ATTACH and BPF_PROG_DETACH share. */
static void set_target(struct plan_builder *b, int16_t step, const struct hook_use *use,
	int16_t target, uint32_t attach_type)
{
	if (target != PLAN_NONE)
		attr_slot(b, step, ATTR(target_fd), target);
	attr_slot(b, step, ATTR(attach_bpf_fd), use->prog_slot);
	attr_set(b, step, ATTR(attach_type), attach_type);
}

int16_t place_attach(struct plan_builder *b, const struct hook_use *use, int16_t target,
	uint32_t attach_type, uint32_t flags, int16_t fallback_for)
{
	int16_t step = plan_add_step(b, STEP_BPF, BPF_PROG_ATTACH, use->link_slot, &use->like);
	set_target(b, step, use, target, attach_type);
	if (flags)
		attr_set(b, step, ATTR(attach_flags), flags);
	struct plan_step *s = plan_step_at(b, step);
	if (fallback_for != PLAN_NONE) {
		s->fallback_for = fallback_for;
		s->errs[0] = EINVAL;
	}
	return step;
}

void place_detach(struct plan_builder *b, const struct hook_use *use, int16_t target,
	uint32_t attach_type, int16_t step, const char *note)
{
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_NOTICE;
	s->note = note;
	int16_t undo = plan_add_undo(b, STEP_BPF, BPF_PROG_DETACH, step);
	set_target(b, undo, use, target, attach_type);
}

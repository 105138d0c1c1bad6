/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "hook.h"

#include "elf/base/format.h"
#include "elf/base/suggest.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <stdarg.h>

const struct hook_method hook_methods_link[] = {{0, "BPF_LINK_CREATE"}, {0}};

/* ---- methods ---- */

uint16_t hook_method_since(const struct hook *h, const struct hook_method *m)
{
	return m->since > h->since ? m->since : h->since;
}

const struct hook_method *hook_method_next(const struct hook *h, const struct hook_method *m)
{
	if (!m)
		return h->methods;
	return m->since > h->since && m[1].how ? m + 1 : NULL;
}

/* ---- parts of plans ---- */

void(hook_fail)(struct plan_builder *b, const char *hint, const char *fmt, ...)
{
	char text[400];
	va_list ap;
	va_start(ap, fmt);
	text_vprint(text, sizeof text, fmt, ap);
	va_end(ap);
	err_set(b->e, "%s", text);
	if (hint)
		err_hint(b->e, "%s", hint);
	b->failed = true;
}

void hook_check_path(struct plan_builder *b, uint32_t file_system, const char *path)
{
	if (file_system < KFS_COUNT && !kfs_stays_below(path))
		hook_fail(b, NULL, "'%s' is not below the root of %s", path, kfs_name(file_system));
}

const char *hook_target(const struct hook_use *use)
{
	return use->arg ? use->arg : use->target;
}

/* ---- links whose program is exchanged ---- */

static bool exchanges_program(uint32_t prog_type, uint32_t attach_type)
{
	switch (prog_type) {
	case BPF_PROG_TYPE_XDP:
	case BPF_PROG_TYPE_SCHED_CLS:
	case BPF_PROG_TYPE_FLOW_DISSECTOR:
	case BPF_PROG_TYPE_SK_LOOKUP:
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_CGROUP_SOCK:
	case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
	case BPF_PROG_TYPE_CGROUP_SOCKOPT:
	case BPF_PROG_TYPE_CGROUP_SYSCTL:
	case BPF_PROG_TYPE_CGROUP_DEVICE:
	case BPF_PROG_TYPE_SOCK_OPS:
		return true;
	default:
		return attach_type == BPF_LSM_CGROUP;
	}
}

int16_t hook_old_pin(
	struct plan_builder *b, const struct plan_step *like, const char *path, int16_t slot)
{
	struct plan_step look = *like;
	look.doing = "look for its pin";
	int16_t blob = plan_add_blob(b, path, strlen(path) + 1, "path");
	int16_t step = plan_add_step(b, STEP_BPF, BPF_OBJ_GET, slot, &look);
	attr_blob(b, step, ATTR(pathname), blob);
	plan_tolerate(b, step, (uint16_t[PLAN_ERRS]){ENOENT});
	return step;
}

void hook_exchange(struct plan_builder *b, const struct plan_step *like, int16_t link_slot,
	struct attr_field field, int16_t with, int16_t before)
{
	struct plan_step update = *like;
	update.doing = "exchange";
	int16_t step = plan_add_step(b, STEP_BPF, BPF_LINK_UPDATE, PLAN_NONE, &update);
	attr_slot(b, step, ATTR(link_update.link_fd), link_slot);
	attr_slot(b, step, field, with);
	static const char hint[] = "this link can't get it: sonde unload the directory and load it "
				   "again, which leaves "
				   "a gap";
	plan_add_hint(b, step, EINVAL, hint);
	plan_add_hint(b, step, EOPNOTSUPP, hint);
	plan_add_hint(b, step, EPERM, hint);
	int16_t undo = plan_add_undo(b, STEP_BPF, BPF_LINK_UPDATE, step);
	attr_slot(b, undo, ATTR(link_update.link_fd), link_slot);
	attr_slot(b, undo, field, before);
	plan_step_at(b, undo)->flags |= STEP_ON_FAILURE;
}

/* The link that is pinned gets the program if it attaches where the step after these would. */
static void take_old_link(struct plan_builder *b, const struct hook_use *use, int16_t link_slot)
{
	enum { STEPS_BEFORE = 3 }; /* the exchange, its undo, BPF_LINK_CREATE */
	int16_t link = plan_add_slot(b, SLOT_FILE, "link of before"),
		prog = plan_add_slot(b, SLOT_PROG, "program of before");
	hook_old_pin(b, &use->like, use->old_link, link);
	hook_old_pin(b, &use->like, use->old_prog, prog);
	struct plan_step like = use->like;
	like.doing = "compare its link";
	int16_t same = plan_add_step(b, STEP_SAME_LINK, 0, link_slot, &like);
	struct plan_step *s = plan_step_at(b, same);
	s->args[0].slot = link;
	s->args[1].value = same + STEPS_BEFORE;
	s->note = "if it attaches there, its program is exchanged, without a gap";
	plan_tolerate(b, same, (uint16_t[PLAN_ERRS]){ENOENT});
	hook_exchange(
		b, &use->like, link_slot, ATTR(link_update.new_prog_fd), use->prog_slot, prog);
}

int16_t hook_add_link(
	struct plan_builder *b, const struct hook_use *use, int16_t link_slot, uint32_t attach_type)
{
	if (use->old_link && exchanges_program(use->hook->prog_type, attach_type))
		take_old_link(b, use, link_slot);
	int16_t step = plan_add_step(b, STEP_BPF, BPF_LINK_CREATE, link_slot, &use->like);
	attr_slot(b, step, ATTR(link_create.prog_fd), use->prog_slot);
	attr_set(b, step, ATTR(link_create.attach_type), attach_type);
	return step;
}

/* ---- section names ---- */

/* "xdp" matches "xdp", and "xdp/..." if the hook may have a target. An empty target is none:
 * "kprobe.multi/" equals "kprobe.multi". */
static bool section_matches(const struct hook *h, const char *sec, const char **target)
{
	size_t n = strlen(h->sec);
	if (strncmp(sec, h->sec, n))
		return false;
	*target = sec[n] == '/' ? sec + n + 1 : sec + n;
	if (!sec[n] || (sec[n] == '/' && !sec[n + 1] && h->target != TARGET_NONE))
		return h->target != TARGET_REQUIRED;
	return sec[n] == '/' && h->target != TARGET_NONE;
}

/* The hook with the most similar section name, or NULL. */
static const struct hook *similar_hook(const char *name)
{
	struct suggestion suggestion = suggest_for(name);
	for (size_t f = 0; f < hook_family_count; f++)
		for (size_t i = 0; i < hook_families[f]->n; i++)
			suggest_consider(&suggestion, hook_families[f]->hooks[i].sec);
	for (size_t f = 0; f < hook_family_count && suggestion.n; f++)
		for (size_t i = 0; i < hook_families[f]->n; i++)
			if (!strcmp(hook_families[f]->hooks[i].sec, suggestion.near[0].name))
				return &hook_families[f]->hooks[i];
	return NULL;
}

/* Compares the whole name, then the parts before each '/', last one first: "xdp" of "xdp/eth0". */
static bool suggest(const char *sec, struct err *e)
{
	char name[SUGGEST_NAME_MAX + 1];
	size_t n = strlen(sec);
	const struct hook *h = NULL;
	text_print(name, sizeof name, "%s", sec);
	for (char *slash = name; slash && !h && n < sizeof name;) {
		h = similar_hook(name);
		slash = strrchr(name, '/');
		if (slash && !h)
			*slash = 0;
	}
	if (!h)
		return false;
	bool more = h->needs && strlen(name) < n;
	err_hint(e, "did you mean '%s'%s%s?", h->sec, more ? " with --on " : "",
		more ? h->arg_syntax : "");
	return true;
}

const struct hook *hook_find(const char *sec, const char **target, struct err *e)
{
	for (size_t f = 0; f < hook_family_count; f++)
		for (size_t i = 0; i < hook_families[f]->n; i++)
			if (section_matches(&hook_families[f]->hooks[i], sec, target))
				return &hook_families[f]->hooks[i];
	err_set(e, "unknown section name '%s'", sec);
	if (!suggest(sec, e))
		err_hint(e, "`sonde hooks` lists all section names; --type PROG=SEC gives one, "
			    "--type SEC (tc, for objects of iproute2) all of them");
	return NULL;
}

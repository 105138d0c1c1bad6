/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "iface.h"

#include "loader/kernel/kfs.h"

#include <errno.h>
#include <stdlib.h>

enum { NAME_MAX_IFACE = 15 };

/* The rules of dev_valid_name(), except for white space other than the blank. */
static bool is_name(const char *s, size_t n)
{
	bool dots = n <= 2 && !strncmp(s, "..", n);
	return n && n <= NAME_MAX_IFACE && !dots && !memchr(s, '/', n) && !memchr(s, ' ', n);
}

static void add_lookup(struct planner *b, const struct hook_use *use, struct iface *i)
{
	struct plan_step like = use->like;
	const char *what = plan_text(b, arena_printf(b->plan->arena, "index of %s", i->name));
	like.doing = "look up the interface";
	i->slot = plan_add_slot(b, SLOT_NUMBER, what);
	int16_t name = plan_add_blob(b, i->name, strlen(i->name) + 1, "name");
	struct plan_step *s = plan_step_at(b, plan_add_step(b, STEP_IFINDEX, 0, i->slot, &like));
	s->args[0].blob = name;
}

bool iface_open(struct planner *b, const struct hook_use *use, struct iface *i)
{
	char *end;
	size_t n = strcspn(use->arg, ":");
	const char *name = plan_text(b, arena_strndup(b->plan->arena, use->arg, n));
	*i = (struct iface){name, use->arg + n + (use->arg[n] == ':'), PLAN_NONE, 0};
	if (b->failed)
		return false;
	if (!is_name(name, n)) {
		hook_fail(b, NULL, "'%s' is not an interface name", name);
	} else {
		unsigned long number = strtoul(name, &end, 10);
		bool digits = !*end && *name >= '0' && *name <= '9';
		if (digits && (!number || number > INT32_MAX))
			hook_fail(b, NULL, "%s is not an interface index", name);
		else if (digits)
			i->index = (uint32_t)number;
		else
			add_lookup(b, use, i);
	}
	return !b->failed;
}

/* In net/route the destination follows the interface name; the default route has destination 0. */
void iface_warn(struct planner *b, const struct hook_use *use, const struct iface *i)
{
	static const char routes[] = "self/net/route";
	struct plan_step like = use->like;
	like.doing = "check whether it carries the default route";
	if (i->slot == PLAN_NONE)
		return;
	const char *words = plan_text(b, arena_printf(b->plan->arena, "%s 00000000", i->name));
	const char *note = plan_text(
		b, arena_printf(b->plan->arena,
			   "the default route goes through %s: the program may cut off your own "
			   "connection",
			   i->name));
	int16_t file = plan_add_blob(b, routes, sizeof routes, "file");
	int16_t pattern = plan_add_blob(b, words, strlen(words) + 1, "words");
	int16_t step = plan_add_step(b, STEP_EXPECT, KFS_PROC, PLAN_NONE, &like);
	/* There is no such route, or no way to find out. */
	plan_tolerate(b, step, (uint16_t[PLAN_ERRS]){ENOENT, ENODEV, EPERM, EACCES});
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].blob = file;
	s->args[1].blob = pattern;
	s->flags |= STEP_CONFIRM;
	s->note = note;
	s->hint = "--for 30s: detach after that time; --yes: attach without a time limit";
}

void iface_set(struct planner *b, int16_t step, const char *field, const struct iface *i)
{
	if (i->slot == PLAN_NONE)
		attr_set(b, step, field, i->index);
	else
		attr_slot(b, step, field, i->slot);
}

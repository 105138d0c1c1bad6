/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "iface.h"
#include "place.h"

#include "loader/kernel/kfs.h"

#include <errno.h>

enum { NAME_MAX_IFACE = 127 /* of an alternative name */ };

/* The rules of dev_valid_name(), except for white space other than the blank. */
static bool is_name(const char *s)
{
	size_t n = strlen(s);
	bool dots = n <= 2 && !strncmp(s, "..", n);
	return n && n <= NAME_MAX_IFACE && !dots && !strpbrk(s, "/ ");
}

static bool is_number(const char *s)
{
	return *s && !s[strspn(s, "0123456789")];
}

static void add_lookup(struct plan_builder *b, const struct hook_use *use, struct iface *i)
{
	struct plan_step like = use->like;
	const char *what = plan_text(b, arena_printf(b->plan->arena, "index of %s", i->name));
	like.doing = "look up the interface";
	i->slot = plan_add_slot(b, SLOT_NUMBER, what);
	int16_t name = plan_add_blob(b, i->name, strlen(i->name) + 1, "name");
	struct plan_step *s = plan_step_at(b, plan_add_step(b, STEP_IFINDEX, 0, i->slot, &like));
	s->args[0].blob = name;
}

/* ---- network namespaces ---- */

static int16_t add_netns(struct plan_builder *b, const struct hook_use *use, int16_t to,
	int16_t left, const char *doing)
{
	struct plan_step like = use->like;
	like.doing = doing;
	int16_t step = plan_add_step(b, STEP_NETNS, 0, left, &like);
	plan_step_at(b, step)->args[0].slot = to;
	plan_add_hint(b, step, EPERM, "this requires CAP_SYS_ADMIN");
	plan_add_hint(b, step, EINVAL, "it is not a network namespace");
	return step;
}

/* The step that goes back when `step` is undone. */
static void undo_netns(struct plan_builder *b, int16_t step, int16_t to)
{
	int16_t undo = plan_add_undo(b, STEP_NETNS, 0, step);
	struct plan_step *s = plan_step_at(b, undo);
	s->doing = "leave the network namespace";
	s->args[0].slot = to;
}

/*
 * Steps between this and iface_close() run in the namespace. Undoing is in reverse order, so the
 * undo steps of entering and leaving it surround those of the steps between them.
 */
static void enter(struct plan_builder *b, const struct hook_use *use, const char *netns,
	const char *const *suffixes, struct iface *i)
{
	struct arena *a = b->plan->arena;
	bool pid = is_number(netns);
	const char *path = plan_text(b, pid             ? arena_printf(a, "%s/ns/net", netns)
					: *netns == '/' ? netns
							: arena_printf(a, "/run/netns/%s", netns));
	const char *hint = suffixes && *netns != '/' && !pid
	                           ? plan_text(b, arena_printf(a,
							  "there is no network namespace '%s', and "
							  "'%s' is no mode, direction or "
							  "order: %s",
							  netns, i->name, use->hook->arg_syntax))
	                           : "NETNS is a name, a path, or a pid";
	i->netns =
		place_open(b, use, pid ? KFS_PROC : KFS_COUNT, path, 0, "network namespace", hint);
	i->left = plan_add_slot(b, SLOT_FILE, "our network namespace");
	int16_t step = add_netns(b, use, i->netns, i->left, "enter the network namespace");
	undo_netns(b, step, i->left);
}

void iface_close(struct plan_builder *b, const struct hook_use *use, const struct iface *i)
{
	if (i->netns == PLAN_NONE)
		return;
	int16_t step = add_netns(b, use, i->left, PLAN_NONE, "leave the network namespace");
	undo_netns(b, step, i->netns);
}

/* ---- parsing ---- */

/* A word that ends with '=' is a prefix. */
static bool is_suffix(const char *const *suffixes, const char *part)
{
	for (; suffixes && *suffixes; suffixes++) {
		size_t n = strlen(*suffixes);
		bool prefix = (*suffixes)[n - 1] == '=';
		if (prefix ? !strncmp(part, *suffixes, n) : !strncmp(part, *suffixes, n + 1))
			return true;
	}
	return false;
}

/* Splits "[NETNS:]INTERFACE[:SUFFIX]" in place: the second part is an interface unless it is a known
 * suffix. *netns is NULL if there is none. */
static void split(char *arg, const char *const *suffixes, const char **netns, struct iface *i)
{
	char *colon = strchr(arg, ':');
	*netns = NULL;
	i->name = arg;
	i->suffix = "";
	if (!colon)
		return;
	*colon = 0;
	char *second = colon + 1, *next = strchr(second, ':');
	size_t n = next ? (size_t)(next - second) : strlen(second);
	char saved = second[n];
	second[n] = 0;
	bool is_interface = !is_suffix(suffixes, second);
	if (!is_interface)
		second[n] = saved;
	i->suffix = is_interface ? next ? next + 1 : "" : second;
	if (is_interface) {
		*netns = arg;
		i->name = second;
	}
}

bool iface_open(struct plan_builder *b, const struct hook_use *use, const char *const *suffixes,
	struct iface *i)
{
	const char *netns;
	char *arg = arena_strdup(b->plan->arena, use->arg);
	*i = (struct iface){.slot = PLAN_NONE, .netns = PLAN_NONE, .left = PLAN_NONE};
	plan_text(b, arg);
	if (b->failed)
		return false;
	split(arg, suffixes, &netns, i);
	if (!is_name(i->name) || (netns && !*netns))
		hook_fail(b, PACKED("an interface is named [NETNS:]INTERFACE"),
			"'%s' is not an interface name", netns && !*netns ? use->arg : i->name);
	static const char names[] = "/run/netns/";
	if (netns && !strncmp(netns, names, sizeof names - 1))
		netns += sizeof names - 1;
	i->place = netns ? plan_text(b, arena_printf(b->plan->arena, "%s:%s", netns, i->name))
	                 : i->name;
	if (netns && !b->failed)
		enter(b, use, netns, suffixes, i);
	if (!b->failed)
		add_lookup(b, use, i);
	return !b->failed;
}

/* ---- steps ---- */

void iface_warn(struct plan_builder *b, const struct hook_use *use, const struct iface *i)
{
	struct plan_step like = use->like;
	like.doing = "check whether it carries the default route";
	const char *note = plan_text(
		b, arena_printf(b->plan->arena,
			   "the default route goes through %s: the program may cut off your own "
			   "connection",
			   i->name));
	int16_t step = plan_add_step(b, STEP_DEFAULT_ROUTE, 0, PLAN_NONE, &like);
	plan_tolerate(b, step, (uint16_t[PLAN_ERRS]){ENOENT});
	iface_arg(b, step, 0, i);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_CONFIRM;
	s->note = note;
	s->hint = "--yes: attach anyway; with --for 30s, it is detached after that time";
}

void iface_arg(struct plan_builder *b, int16_t step, int arg, const struct iface *i)
{
	plan_step_at(b, step)->args[arg].slot = i->slot;
}

void iface_set(struct plan_builder *b, int16_t step, struct attr_field field, const struct iface *i)
{
	attr_slot(b, step, field, i->slot);
}

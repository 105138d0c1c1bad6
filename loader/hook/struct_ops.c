/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Functions of a struct that the object implements for the kernel (5.6). They are attached with the
 * map that holds the struct (planner_struct_ops.c): by a link (6.4), or by being written, and then
 * the kernel holds the map until its entry is deleted.
 */
#include "hook.h"

#include "loader/plan/abi.h"
#include "loader/kernel/map_read.h"
#include "loader/kernel/live_map.h"

#include <unistd.h>

/* ---- what is left ---- */

/* The value begins with a count and a state, each 32 bits; then comes the struct. */
enum { STATE_AT = 4, IN_USE = 1 };

struct search {
	struct leftovers *l;
	struct err *e;
};

static bool is_registered(const struct leftovers *l, const struct live_map *m)
{
	uint32_t zero = 0;
	uint8_t *value = arena_alloc(l->arena, m->info.value_size);
	return value && m->info.value_size >= STATE_AT + 4 &&
	       !map_lookup(l->watch, m->fd, &zero, value, 0) &&
	       bytes_get(value + STATE_AT, 4, host_is_big()) == IN_USE;
}

static void unregister(struct leftovers *l, int fd, const struct leftover *f, struct err *e)
{
	uint32_t zero = 0;
	long r = map_delete(l->watch, fd, &zero);
	if (r < 0)
		err_sys(e, (int)-r, "%s: map %u", l->target, (unsigned)f->id);
	else
		leftovers_gone(l, f);
}

static bool look(void *ctx, const struct live_map *m)
{
	const struct search *s = ctx;
	const struct leftover f = {.id = m->id, .hook = "struct_ops", .map = true};
	if (m->info.type != BPF_MAP_TYPE_STRUCT_OPS || !is_registered(s->l, m))
		return true;
	int fd = leftovers_found(s->l, &f, s->e);
	if (fd >= 0) {
		unregister(s->l, fd, &f, s->e);
		close(fd);
	}
	return !s->e->set;
}

bool struct_ops_leftovers(struct leftovers *l, struct err *e)
{
	struct search s = {l, e};
	return maps_each(l->watch, false, l->arena, look, &s, e) && !e->set;
}

/* ---- the hooks ---- */

/* Attached with the struct that points to it, which is a map. */
static const struct hook_rung with_struct[] = {
	{ABI_VERSION(6, 4), "BPF_LINK_CREATE"}, {0, "BPF_MAP_UPDATE_ELEM"}, {0}};

#define OPS(name, flags, major, minor, text)                                                       \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = BPF_PROG_TYPE_STRUCT_OPS,     \
		.prog_flags = flags, .since = ABI_VERSION(major, minor), .grammar = "NAME",        \
		.what = text, .ladder = with_struct                                                \
	}

static const struct hook hooks[] = {
	OPS("struct_ops", 0, 5, 6,
		"a function of the kernel's that the object's struct implements"),
	OPS("struct_ops.s", BPF_F_SLEEPABLE, 6, 0,
		"a function of the kernel's that the object's struct implements, may sleep"),
};

const struct hook_family struct_ops_family = {"struct_ops", hooks, sizeof hooks / sizeof *hooks};

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Socket maps (SOCKMAP, SOCKHASH): programs see what the sockets in the map send or receive. Attached
 * with a link (6.10), else BPF_PROG_ATTACH. The latter ends with the map, so it is only undone if the
 * map is pinned.
 */
#include "place.h"

#include "elf/base/text.h"

#include "loader/plan/abi.h"

#include <errno.h>
#include <stdio.h>

static bool holds_sockets(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_SOCKMAP || m->map_type == BPF_MAP_TYPE_SOCKHASH;
}

/* The map that the target argument names, or the only one. */
static const struct plan_map *choose_map(struct plan_builder *b, const struct hook_use *use)
{
	const struct plan_map *only = NULL;
	char names[300] = "";
	size_t count = 0;
	for (size_t i = 0; i < b->plan->n_maps; i++) {
		const struct plan_map *m = &b->plan->maps[i];
		if (!holds_sockets(m))
			continue;
		if (use->arg && !strcmp(m->name, use->arg))
			return m;
		text_list(names, sizeof names, "%s", m->name);
		only = m;
		count++;
	}
	if (!use->arg && count == 1)
		return only;
	if (!count)
		hook_fail(b, PACKED("it attaches to a map of type SOCKMAP or SOCKHASH"),
			"the object has no socket map");
	else if (use->arg)
		err_set(b->e, "there is no socket map '%s'", use->arg);
	else
		err_set(b->e, "the object has more than one socket map");
	if (count)
		err_hint(b->e, "choose one with --on: %s", names);
	b->failed = true;
	return NULL;
}

/* The path at which the map is pinned, or NULL. */
static const char *pin_of(const struct plan_builder *b, const struct plan_map *map)
{
	const struct plan *p = b->plan;
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		if (s->op != STEP_BPF || s->cmd != BPF_OBJ_GET || s->slot != map->slot)
			continue;
		const struct plan_blob *attr = &p->blobs[s->attr];
		for (size_t k = 0; k < attr->n_patches; k++)
			if (attr->patches[k].what == PATCH_BLOB)
				return (const char *)p->blobs[attr->patches[k].index].bytes;
	}
	return NULL;
}

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	const struct plan_map *map = b->failed ? NULL : choose_map(b, use);
	if (!map)
		return;
	int16_t link = place_link(b, use, map->slot, use->hook->attach_type);
	int16_t old = place_attach(b, use, map->slot, use->hook->attach_type, 0, link);
	struct plan_step *s = plan_step_at(b, old);
	const char *pin = pin_of(b, map);
	if (pin)
		place_detach(b, use, map->slot, use->hook->attach_type, old,
			plan_text(
				b, arena_printf(b->plan->arena,
					   "kernels before 6.10 have no sockmap links: if sonde is "
					   "killed by SIGKILL, the program stays until its map is "
					   "unpinned (rm %s)",
					   pin)));
	else
		s->note = "kernels before 6.10 have no sockmap links";
	plan_add_hint(b, old, EBUSY, "another program is attached to the map");
}

static const struct hook_method methods[] = {
	{ABI_VERSION(6, 10), "BPF_LINK_CREATE"}, {0, "BPF_PROG_ATTACH"}, {0}};

#define SOCKMAP(name, prog, type, major, minor, text)                                              \
	{                                                                                          \
		.sec = name, .target = TARGET_NONE, .prog_type = BPF_PROG_TYPE_##prog,             \
		.attach_type = type, .since = ABI_VERSION(major, minor), .arg_syntax = "[MAP]",    \
		.what = text, .methods = methods, .attach = attach                                 \
	}

static const struct hook hooks[] = {
	SOCKMAP("sk_skb/stream_parser", SK_SKB, BPF_SK_SKB_STREAM_PARSER, 4, 14,
		"finds message boundaries in data received by a socket"),
	SOCKMAP("sk_skb/stream_verdict", SK_SKB, BPF_SK_SKB_STREAM_VERDICT, 4, 14,
		"message received by a socket"),
	SOCKMAP("sk_skb/verdict", SK_SKB, BPF_SK_SKB_VERDICT, 5, 13,
		"data received by a socket, without a parser"),
	{
		.sec = "sk_skb",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_SK_SKB,
		.since = ABI_VERSION(4, 14),
		.what = "data received by a socket, without an attach type",
	},
	SOCKMAP("sk_msg", SK_MSG, BPF_SK_MSG_VERDICT, 4, 17, "message sent by a socket"),
};

const struct hook_family sockmap_family = {"sockmap", hooks, sizeof hooks / sizeof *hooks};

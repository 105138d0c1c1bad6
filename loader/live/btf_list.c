/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_list.h"
#include "elf/base/format.h"

#include "elf/base/text.h"
#include "loader/show/listing.h"

#include <inttypes.h>

enum { IDS_TEXT = 60 };

/* A program or map and its BTF. */
struct user {
	enum live_kind kind;
	uint32_t id, btf;
};

struct objects {
	struct live *l;
	struct listing list;
	struct user *users;
	size_t n, room;
	enum live_kind kind; /* of the users that are being collected */
};

static bool add_user(void *ctx, uint32_t id, int fd)
{
	struct objects *o = ctx;
	union {
		struct bpf_prog_info prog;
		struct bpf_map_info map;
	} info = {0};
	uint32_t size = o->kind == LIVE_PROG ? sizeof info.prog : sizeof info.map;
	long r = sys_info(o->l->kernel->watch, fd, &info, &size);
	uint32_t btf = o->kind == LIVE_PROG ? info.prog.btf_id : info.map.btf_id;
	struct user *grown = r < 0 || !btf ? NULL
	                                   : arena_grow(o->l->kernel->arena, o->users, o->n,
						     &o->room, sizeof *grown);
	if (grown) {
		o->users = grown;
		grown[o->n++] = (struct user){o->kind, id, btf};
	}
	return true;
}

/* The ids of the users of a kind, as a list or as an array. */
static void add_ids(
	const struct objects *o, enum live_kind kind, uint32_t btf, char *text, struct json *j)
{
	*text = 0;
	for (size_t i = 0; i < o->n; i++) {
		const struct user *u = &o->users[i];
		if (u->kind != kind || u->btf != btf)
			continue;
		if (j)
			json_uint(j, u->id);
		else
			text_list(text, IDS_TEXT, "%" PRIu32, u->id);
	}
}

static void print_json(const struct objects *o, const struct bpf_btf_info *info, const char *name)
{
	char none[IDS_TEXT];
	struct facts f = facts_open(o->l, "btf", info->id, name);
	facts_number(&f, "size", info->btf_size);
	facts_bool(&f, "kernel", info->kernel_btf);
	for (int kind = LIVE_PROG; kind <= LIVE_MAP; kind++) {
		json_key(&f.j, kind == LIVE_PROG ? "prog_ids" : "map_ids");
		json_open(&f.j, '[');
		add_ids(o, (enum live_kind)kind, info->id, none, &f.j);
		json_close(&f.j);
	}
	facts_close(&f);
}

static bool add_object(void *ctx, uint32_t id, int fd)
{
	struct objects *o = ctx;
	char name[64], texts[2][24], progs[IDS_TEXT], maps[IDS_TEXT];
	struct bpf_btf_info info;
	if (live_types_info(o->l->kernel->watch, fd, &info, name, sizeof name) < 0)
		return true;
	if (o->l->json) {
		print_json(o, &info, name);
		return true;
	}
	text_print(texts[0], sizeof texts[0], "%" PRIu32, id);
	text_print(texts[1], sizeof texts[1], "%" PRIu32, info.btf_size);
	add_ids(o, LIVE_PROG, id, progs, NULL);
	add_ids(o, LIVE_MAP, id, maps, NULL);
	listing_row(&o->list, texts[0], name, texts[1], progs, maps);
	return true;
}

bool btf_objects_list(struct live *l, struct err *e)
{
	static const char *const heads[] = {"id", "name", "size", "programs", "maps", NULL};
	struct objects o = {.l = l, .list = listing(l->kernel->arena, "btf", "BTF objects", heads)};
	for (o.kind = LIVE_PROG; o.kind <= LIVE_MAP; o.kind++)
		if (!live_each(o.kind, l->kernel->watch, add_user, &o, e))
			return false;
	if (!live_each(LIVE_BTF, l->kernel->watch, add_object, &o, e))
		return false;
	listing_print(&o.list, false, l->out);
	return true;
}

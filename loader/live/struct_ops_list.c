/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "struct_ops_list.h"

#include "elf/base/format.h"
#include "loader/kernel/live_map.h"
#include "loader/kernel/live_struct_ops.h"
#include "loader/plan/abi.h"
#include "loader/show/listing.h"
#include "where.h"

#include <inttypes.h>

enum { NUMBER = 24 };

/* The link that registers the map, 0: none. */
struct search {
	uint32_t map, link;
};

static bool match(void *ctx, const struct live_link *link)
{
	struct search *s = ctx;
	bool found = link->info.type == BPF_LINK_TYPE_STRUCT_OPS &&
	             link->info.struct_ops.map_id == s->map;
	s->link = found ? link->info.id : 0;
	return !found;
}

struct list {
	struct live *l;
	struct listing rows;
};

static void row_json(
	struct live *l, const struct live_map *m, const char *name, bool used, uint32_t link)
{
	struct json j = json_start(l->out);
	json_open(&j, '{');
	json_member_str(&j, "what", "struct_ops");
	json_member_uint(&j, "id", m->id);
	json_member_str(&j, "name", m->name);
	json_member_str(&j, "kernel_struct", name);
	json_key(&j, "registered");
	json_bool(&j, used || link);
	if (link)
		json_member_uint(&j, "link", link);
	json_close(&j);
	json_line(&j);
}

static bool add(void *ctx, const struct live_map *m)
{
	struct list *list = ctx;
	struct live *l = list->l;
	const struct target *k = l->kernel;
	char name[WHERE_MAX], id[NUMBER], by[NUMBER + 8];
	struct search s = {.map = m->id};
	struct err ignored = {0};
	if (m->info.type != BPF_MAP_TYPE_STRUCT_OPS)
		return true;
	struct_ops_name(l, m->id, name, sizeof name);
	bool used = live_struct_ops_in_use(m->fd, m->info.value_size, k->watch, k->arena);
	live_link_each(k->watch, k->arena, match, &s, &ignored);
	if (l->json) {
		row_json(l, m, name, used, s.link);
		return true;
	}
	text_print(id, sizeof id, "%" PRIu32, m->id);
	text_print(by, sizeof by, "link %" PRIu32, s.link);
	listing_row(&list->rows, id, m->name, name, s.link ? by : used ? "yes" : "no");
	return true;
}

bool struct_ops_list(struct live *l, struct err *e)
{
	static const char *const heads[] = {"id", "name", "struct", "registered", NULL};
	struct list list = {l, listing(l->kernel->arena, "struct_ops", "struct_ops maps", heads)};
	bool ok = live_map_each(l->kernel->watch, false, l->kernel->arena, add, &list, e);
	listing_print(&list.rows, false, l->out);
	return ok;
}

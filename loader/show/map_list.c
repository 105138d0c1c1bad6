/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_list.h"

#include "listing.h"
#include "elf/base/format.h"
#include "loader/kernel/live_map.h"
#include "loader/plan/abi.h"

#include <inttypes.h>

static bool add_row(void *ctx, const struct live_map *m)
{
	struct listing *l = ctx;
	char nick[48], cells[4][128], types[2][48] = {"", ""};
	text_print(cells[0], sizeof cells[0], "%" PRIu32, m->id);
	for (int i = 0; i < 2; i++) {
		uint32_t type = i ? m->value_type : m->key_type;
		uint32_t size = i ? m->info.value_size : m->info.key_size;
		if (type && !m->data)
			btf_spell(&m->btf, type, types[i], sizeof types[i]);
		text_print(cells[1 + i], sizeof cells[1 + i], "%s%s%" PRIu32 "%s", types[i],
			*types[i] ? " (" : "", size, *types[i] ? ")" : "");
	}
	text_print(cells[3], sizeof cells[3], "%" PRIu32, m->info.max_entries);
	listing_row(l, cells[0], abi_nick(ABI_MAP_TYPES, m->info.type, nick), m->name, cells[1],
		cells[2], cells[3]);
	return true;
}

bool maps_list(const struct sys_watch *watch, bool json, FILE *out, struct arena *a, struct err *e)
{
	static const char *const heads[] = {"id", "type", "name", "key", "value", "entries", NULL};
	struct listing l = listing(a, "map", "maps", heads);
	if (!live_map_each(watch, true, a, add_row, &l, e))
		return false;
	listing_print(&l, json, out);
	return true;
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "lost_count.h"

#include "loader/kernel/map_snapshot.h"
#include "json.h"
#include "map_view.h"

uint64_t lost_count(const struct exec *x, const struct btf *b, unsigned cpus)
{
	const struct plan_map *m = plan_find_map(x->plan, LOST_MAP);
	struct map_entries entries;
	struct arena scratch = {0};
	struct err ignored = {0};
	uint64_t lost = 0, n;
	if (!m || m->max_entries != 1 || m->data || map_access(m->map_type) == MAP_OPAQUE)
		return 0;
	const struct map_info info = map_info_of(m);
	if (map_snapshot(x->watch, exec_fd(x, m->slot), &info, cpus, &scratch, &entries, &ignored))
		for (unsigned cpu = 0; entries.n && cpu < entries.cpus; cpu++)
			if (typed_number(b, (struct typed_field){.type = b ? m->value_type : 0},
				    map_value(&entries, 0, cpu), &n))
				lost += n;
	arena_free(&scratch);
	return lost;
}

void lost_json(FILE *out, const char *name, uint64_t n)
{
	struct json j = json_start(out);
	json_open(&j, '{');
	json_key(&j, "lost");
	if (n == LOST_UNKNOWN)
		json_null(&j);
	else
		json_uint(&j, n);
	json_key(&j, "of");
	if (name)
		json_str(&j, name);
	else
		json_null(&j);
	json_line(&j);
}

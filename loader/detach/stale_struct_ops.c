/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* struct_ops registered without a link (before 6.4): the kernel holds the map until its entry is
 * deleted. */
#include "stale_impl.h"

#include "loader/kernel/live_map.h"
#include "loader/kernel/map_element.h"
#include "loader/kernel/live_struct_ops.h"
#include "loader/plan/abi.h"

#include <unistd.h>

struct search {
	struct stale *l;
	struct err *e;
};

static void unregister(struct stale *l, int fd, const struct stale_program *f, struct err *e)
{
	uint32_t zero = 0;
	long r = map_delete(l->watch, fd, &zero);
	if (r < 0)
		err_sys(e, (int)-r, "%s: map %u", l->place, (unsigned)f->id);
	else
		stale_removed(l, f);
}

static bool look(void *ctx, const struct live_map *m)
{
	const struct search *s = ctx;
	const struct stale_program f = {.id = m->id, .hook = "struct_ops", .is_map = true};
	if (m->info.type != BPF_MAP_TYPE_STRUCT_OPS ||
		!live_struct_ops_in_use(m->fd, m->info.value_size, s->l->watch, s->l->arena))
		return true;
	int fd = stale_found(s->l, &f, s->e);
	if (fd >= 0) {
		unregister(s->l, fd, &f, s->e);
		close(fd);
	}
	return !s->e->set;
}

bool stale_struct_ops(struct stale *l, struct err *e)
{
	struct search s = {l, e};
	return live_map_each(l->watch, false, l->arena, look, &s, e) && !e->set;
}

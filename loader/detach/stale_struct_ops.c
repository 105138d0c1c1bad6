/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* struct_ops registered without a link (before 6.4): the kernel holds the map until its entry is
 * deleted. */
#include "stale_impl.h"

#include "loader/kernel/live_map.h"
#include "loader/kernel/map_element.h"
#include "loader/plan/abi.h"

#include <unistd.h>

/* The value starts with a reference count and a state, of 32 bits each, followed by the struct. */
enum { STATE_AT = 4, IN_USE = 1 };

struct search {
	struct stale *l;
	struct err *e;
};

static bool is_registered(const struct stale *l, const struct live_map *m)
{
	uint32_t zero = 0;
	uint8_t *value = arena_alloc(l->arena, m->info.value_size);
	return value && m->info.value_size >= STATE_AT + 4 &&
	       !map_lookup(l->watch, m->fd, &zero, value, 0) &&
	       bytes_get(value + STATE_AT, 4, host_is_big()) == IN_USE;
}

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
	if (m->info.type != BPF_MAP_TYPE_STRUCT_OPS || !is_registered(s->l, m))
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

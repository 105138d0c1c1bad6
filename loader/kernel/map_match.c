/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_match.h"

#include "elf/base/span.h"
#include "loader/value/value.h"

#include <errno.h>

/* Adds up the values of all CPUs in that of the first one; false if they are no numbers. */
static bool add_cpus(const struct live_map *m, uint8_t *v, unsigned cpus)
{
	unsigned size = m->info.value_size;
	uint64_t sum = 0;
	if (size != 4 && size != 8)
		return false;
	for (unsigned i = 0; i < cpus; i++)
		sum += bytes_get(v + i * map_value_stride(&m->info), size, host_is_big());
	bytes_put(v, size, host_is_big(), sum);
	return true;
}

bool map_match_element(const struct map_writer *w, const char *key, const char *value,
	enum map_match *match, struct err *e)
{
	const struct live_map *m = w->map;
	size_t n = m->info.value_size;
	uint8_t *k = map_write_key(w, key, e);
	uint8_t *v = arena_alloc(w->arena, map_value_room(&m->info, w->cpus)),
		*wanted = arena_alloc(w->arena, n);
	if (!k || !v || !wanted)
		return e->set ? false : err_nomem(e);
	long no = map_lookup(w->watch, m->fd, k, v, 0);
	*match = no == -ENOENT ? MAP_NO_ENTRY : MAP_MATCHES;
	if (no && no != -ENOENT)
		return err_sys(e, (int)-no, "map '%s'", m->name);
	if (no || !*value)
		return true;
	if (map_is_percpu(m->info.type) && !add_cpus(m, v, w->cpus))
		return err_set(e, "map '%s': values of each CPU are compared if they are numbers",
			m->name);
	memcpy(wanted, v, n);
	const struct value at = {.btf = m->has_types ? &m->btf : NULL,
		.type = m->value_type,
		.to = wanted,
		.room = n,
		.big = host_is_big(),
		.who = m->name};
	if (!value_put(&at, value, e))
		return false;
	*match = memcmp(wanted, v, n) ? MAP_DIFFERS : MAP_MATCHES;
	return true;
}

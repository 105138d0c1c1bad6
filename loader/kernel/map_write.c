/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_write.h"

#include "map_reference.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/value/value.h"
#include "loader/value/variable_name.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct value value_at(
	const struct live_map *m, const char *who, uint32_t type, uint8_t *to, size_t size)
{
	return (struct value){.btf = m->has_types ? &m->btf : NULL,
		.type = type,
		.to = to,
		.room = size,
		.big = host_is_big(),
		.who = who};
}

/* Is the text of a key an address, rather than a value of the type of the key? */
static bool is_prefix(const struct live_map *m, const char *text)
{
	bool typed = m->has_types && m->key_type;
	return map_key_is_prefix(&m->info) && !strpbrk(text, "={|") &&
	       (typed || strpbrk(text, "./:"));
}

uint8_t *map_write_key(const struct map_writer *w, const char *text, struct err *e)
{
	const struct live_map *m = w->map;
	uint8_t *key = arena_alloc(w->arena, m->info.key_size);
	if (!key) {
		err_nomem(e);
		return NULL;
	}
	const struct value at = value_at(m, "the key", m->key_type, key, m->info.key_size);
	bool ok = is_prefix(m, text) ? value_put_prefix(&at, text, e) : value_put(&at, text, e);
	if (!ok) {
		err_where(e, "map '%s'", m->name);
		if (map_key_is_prefix(&m->info))
			err_hint(e, "its keys are prefixes, ADDRESS/LENGTH");
	}
	return ok ? key : NULL;
}

static bool explain(const struct live_map *m, long r, struct err *e)
{
	err_sys(e, (int)-r, "map '%s'", m->name);
	switch (-r) {
	case EPERM:
		return err_hint(
			e, "the map is frozen or read-only, or more privileges are required");
	case E2BIG:
		return err_hint(e, "the map is full, or an array with fewer elements");
	case ENOENT:
		return err_hint(e, "it has no such key");
	case EINVAL:
		if (m->refers)
			return err_hint(e, "programs of devmaps have SEC(\"xdp/devmap\"), those of "
					   "cpumaps SEC(\"xdp/cpumap\")");
		return map_holds(m->info.type) == MAP_HOLDS_PROGRAMS
		               ? err_hint(e, "all programs of the map must have the same type")
		       : map_holds(m->info.type) == MAP_HOLDS_MAPS
		               ? err_hint(e, "all maps in it must have the same type and sizes")
		               : false;
	default:
		return false;
	}
}

/* ---- elements ---- */

static bool write_reference(
	const struct map_writer *w, const uint8_t *key, const char *text, struct err *e)
{
	const struct live_map *m = w->map;
	uint8_t value[4];
	int fd = map_reference_open(m, text, w->watch, w->arena, e);
	if (fd < 0)
		return err_where(e, "map '%s'", m->name);
	bytes_put(value, sizeof value, host_is_big(), (uint32_t)fd);
	long r = map_update(w->watch, m->fd, key, value, BPF_ANY);
	close(fd);
	return r >= 0 || explain(m, r, e);
}

/* The value of each CPU. */
static bool put_values(const struct map_writer *w, uint8_t *v, const char *text, struct err *e)
{
	const struct live_map *m = w->map;
	unsigned cpus = map_is_percpu(m->info.type) ? w->cpus : 1;
	for (unsigned cpu = 0; cpu < cpus; cpu++) {
		uint8_t *to = v + cpu * map_value_stride(&m->info);
		const struct value at =
			value_at(m, "the value", m->value_type, to, m->info.value_size);
		if ((w->cpu == MAP_ALL_CPUS || (unsigned)w->cpu == cpu) && !value_put(&at, text, e))
			return false;
	}
	return true;
}

static bool check_cpu(const struct map_writer *w, struct err *e)
{
	if (w->cpu == MAP_ALL_CPUS)
		return true;
	if (!map_is_percpu(w->map->info.type))
		return err_set(e, "map '%s' has one value for all CPUs", w->map->name);
	return (unsigned)w->cpu < w->cpus || err_set(e, "map '%s': there is no CPU %d (0 to %u)",
						     w->map->name, w->cpu, w->cpus - 1);
}

bool map_write_element(
	const struct map_writer *w, const char *key, const char *value, struct err *e)
{
	const struct live_map *m = w->map;
	size_t room = map_value_room(&m->info, w->cpus);
	if (!check_cpu(w, e))
		return false;
	uint8_t *k = m->info.key_size ? map_write_key(w, key, e) : NULL;
	if (m->info.key_size && !k)
		return false;
	if (map_holds(m->info.type) != MAP_HOLDS_VALUES)
		return write_reference(w, k, value, e);
	uint8_t *v = arena_alloc(w->arena, room);
	if (!v)
		return err_nomem(e);
	if (k && map_lookup(w->watch, m->fd, k, v, 0) < 0)
		memset(v, 0, room);
	int program = 0;
	if (m->refers)
		value = map_reference_text(value, w->watch, w->arena, e);
	if (!value || !put_values(w, v, value, e) ||
		(m->refers && (program = map_reference_in(v, w->watch, e)) < 0))
		return err_where(e, "map '%s'", m->name);
	long r = map_update(w->watch, m->fd, k, v, BPF_ANY);
	if (program)
		close(program);
	return r >= 0 || explain(m, r, e);
}

/* ---- variables ---- */

/* A shared mapping of the section: writes the bytes that differ from those it had before. */
static bool write_mapped(
	const struct live_map *m, const uint8_t *before, const uint8_t *after, struct err *e)
{
	size_t size = m->info.value_size;
	uint8_t *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd, 0);
	if (p == MAP_FAILED)
		return explain(m, -errno, e);
	for (size_t i = 0; i < size; i++)
		if (before[i] != after[i])
			p[i] = after[i];
	munmap(p, size);
	return true;
}

static bool assign(
	const struct live_map *m, const struct variable_search *s, uint8_t *section, struct err *e)
{
	char who[128];
	text_print(who, sizeof who, "variable '%.*s'", (int)s->len, s->name);
	if (s->found_offset > m->info.value_size)
		return err_set(e, "%s exceeds the map", who);
	const struct value at = value_at(m, who, s->found_type, section + s->found_offset,
		m->info.value_size - s->found_offset);
	return value_assign(&at, s->rest, e);
}

bool map_write_variable(const struct map_writer *w, const char *text, struct err *e)
{
	const struct live_map *m = w->map;
	struct variable_search s;
	uint32_t zero = 0;
	if (!m->data)
		return err_set(
			e, "map '%s' is not a data section: it has keys, not variables", m->name);
	if (!variable_search_start(&s, text, e))
		return false;
	variable_search_section(&s, &m->btf, m->value_type, 0);
	if (!variable_search_end(&s, e))
		return err_where(e, "map '%s'", m->name);
	uint8_t *before = arena_alloc(w->arena, map_value_room(&m->info, 1));
	if (!before)
		return err_nomem(e);
	long r = map_lookup(w->watch, m->fd, &zero, before, 0);
	if (r < 0)
		return explain(m, r, e);
	uint8_t *after = arena_copy(w->arena, before, m->info.value_size);
	if (!after)
		return err_nomem(e);
	if (!assign(m, &s, after, e))
		return err_where(e, "map '%s'", m->name);
	if (m->info.flags & BPF_F_MMAPABLE && !(m->info.flags & BPF_F_RDONLY_PROG))
		return write_mapped(m, before, after, e);
	r = map_update(w->watch, m->fd, &zero, after, BPF_ANY);
	return r >= 0 || explain(m, r, e);
}

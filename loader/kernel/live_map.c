/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_map.h"

#include "elf/base/text.h"

#include "loader/plan/abi.h"
#include "target.h"
#include "loader/plan/value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- finding ---- */

static uint32_t info_u32(const void *info, uint32_t size, const char *name)
{
	return (uint32_t)abi_get_by_name(ABI_MAP_INFO, name, info, size);
}

/* Fills m with the information about an open map. Returns 0 or -errno. */
static long read_info(
	struct live_map *m, bool types, const struct sys_watch *watch, struct arena *a)
{
	uint64_t info[32] = {0}; /* struct bpf_map_info */
	struct abi_field name;
	struct btf_type value;
	uint32_t n = sizeof info;
	long r = sys_info(watch, m->fd, info, &n);
	if (r < 0)
		return r;
	m->id = info_u32(info, n, "id");
	if (abi_field_by_name(ABI_MAP_INFO, "name", &name))
		snprintf(m->name, sizeof m->name, "%s", (const char *)info + name.offset);
	m->info = (struct map_info){.name = m->name,
		.type = info_u32(info, n, "type"),
		.key_size = info_u32(info, n, "key_size"),
		.value_size = info_u32(info, n, "value_size"),
		.max_entries = info_u32(info, n, "max_entries"),
		.flags = info_u32(info, n, "map_flags")};
	m->key_type = info_u32(info, n, "btf_key_type_id");
	m->value_type = info_u32(info, n, "btf_value_type_id");
	uint32_t btf = info_u32(info, n, "btf_id");
	m->has_types = types && btf && (m->key_type || m->value_type) &&
	               target_read_types(watch, btf, a, &m->btf);
	if (!m->has_types)
		m->key_type = m->value_type = 0;
	m->data = m->has_types && btf_type(&m->btf, m->value_type, &value) &&
	          value.kind == BTF_DATASEC;
	return 0;
}

static long open_pin(const struct sys_watch *watch, const char *path)
{
	struct {
		uint64_t pathname;
		uint32_t bpf_fd, file_flags;
	} get = {.pathname = sys_ptr(path)};
	return sys_bpf(watch, BPF_OBJ_GET, &get, sizeof get);
}

bool live_map_each(const struct sys_watch *watch, bool types, struct arena *a,
	bool (*fn)(void *ctx, const struct live_map *m), void *ctx, struct err *e)
{
	uint32_t id = 0;
	long r;
	while (!(r = sys_next_id(watch, BPF_MAP_GET_NEXT_ID, &id))) {
		struct live_map m = {.fd = (int)sys_open_id(watch, BPF_MAP_GET_FD_BY_ID, id)};
		bool go = true;
		if (m.fd == -ENOENT)
			continue;
		if (m.fd < 0) {
			r = m.fd;
			break;
		}
		if (!read_info(&m, types, watch, a))
			go = fn(ctx, &m);
		live_map_close(&m);
		if (!go)
			return true;
	}
	if (r == -ENOENT)
		return true;
	err_sys(e, (int)-r, "maps of the kernel");
	return r == -EPERM ? err_hint(e, "listing maps requires CAP_SYS_ADMIN, as root has; a "
					 "pinned map can be opened by its path")
	                   : false;
}

struct by_name {
	const char *name;
	uint32_t id;
	unsigned n;
	char ids[100];
};

static bool same_name(void *ctx, const struct live_map *m)
{
	struct by_name *s = ctx;
	if (strncmp(m->name, s->name, sizeof m->name - 1) != 0)
		return true;
	s->id = m->id;
	s->n++;
	text_list(s->ids, sizeof s->ids, "%" PRIu32, m->id);
	return true;
}

static long open_name(
	const char *name, const struct sys_watch *watch, struct arena *a, struct err *e)
{
	struct by_name s = {.name = name};
	if (!live_map_each(watch, false, a, same_name, &s, e))
		return -1;
	if (s.n == 1)
		return sys_open_id(watch, BPF_MAP_GET_FD_BY_ID, s.id);
	if (!s.n) {
		err_set(e, "there is no map '%s' in the kernel", name);
		err_hint(e, "sonde map list lists all; a pinned one can be named by its path");
	} else {
		err_set(e, "%u maps are named '%s'", s.n, name);
		err_hint(e, "select one by its id: %s", s.ids);
	}
	return -1;
}

/* Does a pin hold something else? /proc shows what a descriptor is; without it, unknown. */
static bool holds_other(int fd)
{
	static const char map[] = "anon_inode:bpf-map";
	char path[40], link[64];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(path, link, sizeof link);
	return n > 0 && strncmp(link, map, sizeof map - 1) != 0;
}

bool live_map_open(struct live_map *m, const char *which, const struct sys_watch *watch,
	struct arena *a, struct err *e)
{
	char *end;
	unsigned long id = strtoul(which, &end, 10);
	bool number = end != which && !*end && id <= UINT32_MAX;
	long fd = number               ? sys_open_id(watch, BPF_MAP_GET_FD_BY_ID, (uint32_t)id)
	          : strchr(which, '/') ? open_pin(watch, which)
	                               : open_name(which, watch, a, e);
	*m = (struct live_map){.fd = -1};
	if (e->set)
		return false;
	if (fd == -ENOENT)
		return err_set(
			e, number ? "there is no map with the id %s" : "there is no pin %s", which);
	long r = fd;
	if (fd >= 0) {
		m->fd = (int)fd;
		if (holds_other(m->fd)) {
			live_map_close(m);
			return err_set(
				e, "%s is not the pin of a map, but of a program or link", which);
		}
		r = read_info(m, true, watch, a);
	}
	if (r >= 0)
		return true;
	live_map_close(m);
	err_sys(e, (int)-r, "map %s", which);
	return r == -EPERM ? err_hint(e, "ids require CAP_SYS_ADMIN, a pin access to its file")
	       : r == -EINVAL && !number ? err_hint(e, "is it the pin of a map?")
	                                 : false;
}

void live_map_close(struct live_map *m)
{
	if (m->fd >= 0)
		close(m->fd);
	m->fd = -1;
}

/* ---- writing ---- */

static bool put(const struct live_map *m, const char *what, uint32_t type, uint8_t *to, size_t size,
	const char *text, struct err *e)
{
	const struct value value = {.btf = m->has_types ? &m->btf : NULL,
		.type = type,
		.to = to,
		.room = size,
		.big = host_is_big(),
		.who = what};
	return value_put(&value, text, e) || err_where(e, "map '%s'", m->name);
}

uint8_t *live_map_key(const struct live_map *m, const char *text, struct arena *a, struct err *e)
{
	uint8_t *key = arena_alloc(a, m->info.key_size);
	if (!key)
		err_nomem(e);
	bool ok = key && put(m, "the key", m->key_type, key, m->info.key_size, text, e);
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
	default:
		return false;
	}
}

bool live_map_set(struct live_map *m, const char *key, const char *value, unsigned cpus,
	const struct sys_watch *watch, struct arena *a, struct err *e)
{
	size_t room = map_value_room(&m->info, cpus), stride = map_value_stride(&m->info);
	uint8_t *k = m->info.key_size ? live_map_key(m, key, a, e) : NULL,
		*v = arena_alloc(a, room);
	if (m->info.key_size && !k)
		return false;
	if (!v)
		return err_nomem(e);
	if (k && map_lookup(watch, m->fd, k, v, 0) < 0)
		memset(v, 0, room);
	if (!put(m, "the value", m->value_type, v, m->info.value_size, value, e))
		return false;
	for (unsigned cpu = 1; map_is_percpu(m->info.type) && cpu < cpus; cpu++)
		memcpy(v + cpu * stride, v, m->info.value_size);
	long r = map_update(watch, m->fd, k, v, BPF_ANY);
	return r >= 0 || explain(m, r, e);
}

/* The position and type of a variable; false with e set and a hint that lists the variables. */
static bool find_variable(const struct live_map *m, const char *name, size_t len,
	struct btf_secinfo *at, uint32_t *type, struct err *e)
{
	struct btf_type sec, var;
	char names[360] = "";
	btf_type(&m->btf, m->value_type, &sec);
	for (uint32_t i = 0; i < sec.vlen; i++) {
		*at = btf_secinfo(&sec, i);
		btf_type(&m->btf, at->type, &var);
		*type = var.type;
		if (!strncmp(btf_name(&var), name, len) && !btf_name(&var)[len])
			return true;
		text_list(names, sizeof names, "%s", btf_name(&var));
	}
	err_set(e, "map '%s': there is no variable '%.*s'", m->name, (int)len, name);
	return err_hint(e, "its variables are: %s", names);
}

/* Writes through a shared mapping, which leaves the other variables alone. */
static bool set_mapped(struct live_map *m, const struct btf_secinfo *at, uint32_t type,
	const char *who, const char *text, struct err *e)
{
	void *p = mmap(NULL, m->info.value_size, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd, 0);
	if (p == MAP_FAILED)
		return explain(m, -errno, e);
	bool ok = put(
		m, who, type, (uint8_t *)p + at->offset, m->info.value_size - at->offset, text, e);
	munmap(p, m->info.value_size);
	return ok;
}

bool live_map_set_variable(struct live_map *m, const char *text, const struct sys_watch *watch,
	struct arena *a, struct err *e)
{
	size_t len = strcspn(text, "=");
	struct btf_secinfo at;
	uint32_t type = 0, zero = 0;
	char who[128];
	if (!m->data)
		return err_set(
			e, "map '%s' is not a data section: it has keys, not variables", m->name);
	if (!find_variable(m, text, len, &at, &type, e))
		return false;
	snprintf(who, sizeof who, "variable '%.*s'", (int)len, text);
	if (at.offset > m->info.value_size)
		return err_set(e, "map '%s': %s exceeds the map", m->name, who);
	if (m->info.flags & BPF_F_MMAPABLE && !(m->info.flags & BPF_F_RDONLY_PROG))
		return set_mapped(m, &at, type, who, text + len + 1, e);
	uint8_t *all = arena_alloc(a, map_value_room(&m->info, 1));
	if (!all)
		return err_nomem(e);
	long r = map_lookup(watch, m->fd, &zero, all, 0);
	if (r >= 0 && !put(m, who, type, all + at.offset, m->info.value_size - at.offset,
			      text + len + 1, e))
		return false;
	if (r >= 0)
		r = map_update(watch, m->fd, &zero, all, BPF_ANY);
	return r >= 0 || explain(m, r, e);
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_map.h"

#include "redirect_types.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "elf/base/text.h"

#include "loader/plan/abi.h"
#include "target.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

/* ---- finding ---- */

/* Fills m with the information about an open map. Returns 0 or -errno. */
static long read_info(
	struct live_map *m, bool types, const struct sys_watch *watch, struct arena *a)
{
	struct bpf_map_info info = {0};
	struct btf_type value;
	uint32_t n = sizeof info;
	long r = sys_info(watch, m->fd, &info, &n);
	if (r < 0)
		return r;
	m->id = info.id;
	text_print(m->name, sizeof m->name, "%.*s", (int)sizeof info.name, info.name);
	m->info = (struct map_info){.name = m->name,
		.type = info.type,
		.key_size = info.key_size,
		.value_size = info.value_size,
		.max_entries = info.max_entries,
		.flags = info.map_flags};
	m->key_type = info.btf_key_type_id;
	m->value_type = info.btf_value_type_id;
	uint32_t btf = info.btf_id;
	m->has_types = types && btf && (m->key_type || m->value_type) &&
	               target_read_types(watch, btf, a, &m->btf);
	if (!m->has_types)
		m->key_type = m->value_type = 0;
	m->refers = types && !m->has_types &&
	            redirect_types(&m->info, &m->btf, &m->key_type, &m->value_type, a);
	m->has_types |= m->refers;
	m->data = m->has_types && btf_type(&m->btf, m->value_type, &value) &&
	          value.kind == BTF_DATASEC;
	return 0;
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
	text_print(path, sizeof path, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(path, link, sizeof link);
	return n > 0 && strncmp(link, map, sizeof map - 1) != 0;
}

bool live_map_open(struct live_map *m, const char *which, const struct sys_watch *watch,
	struct arena *a, struct err *e)
{
	char *end;
	unsigned long id = text_ulong(which, &end, 10);
	bool number = end != which && !*end && id <= UINT32_MAX;
	long fd = number               ? sys_open_id(watch, BPF_MAP_GET_FD_BY_ID, (uint32_t)id)
	          : strchr(which, '/') ? sys_open_pin(watch, which)
	                               : open_name(which, watch, a, e);
	*m = (struct live_map){.fd = -1};
	if (e->set)
		return false;
	if (fd == -ENOENT)
		return err_set(e, "there is no %s %s", number ? "map with the id" : "pin", which);
	long r = fd;
	if (fd >= 0) {
		m->fd = (int)fd;
		if (holds_other(m->fd)) {
			live_map_close(m);
			return err_set(
				e, "%s is not the pin of a map, but of a program or link", which);
		}
		r = read_info(m, true, watch, a);
		if (r >= 0 && m->has_types && !typed_read_meanings(&m->btf, &m->meanings, NULL, a))
			r = -ENOMEM;
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

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_map.h"
#include "elf/base/format.h"

#include "redirect_types.h"

#include "elf/base/text.h"

#include "loader/plan/abi.h"
#include "target.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
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

struct walk {
	const struct sys_watch *watch;
	bool types;
	struct arena *arena;
	bool (*fn)(void *ctx, const struct live_map *m);
	void *ctx;
};

static bool visit(void *ctx, uint32_t id, int fd)
{
	const struct walk *w = ctx;
	struct live_map m = {.id = id, .fd = fd};
	return read_info(&m, w->types, w->watch, w->arena) < 0 || w->fn(w->ctx, &m);
}

bool live_map_each(const struct sys_watch *watch, bool types, struct arena *a,
	bool (*fn)(void *ctx, const struct live_map *m), void *ctx, struct err *e)
{
	struct walk w = {watch, types, a, fn, ctx};
	return live_each(LIVE_MAP, watch, visit, &w, e);
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

/* The only map with that name. */
static int open_name(
	struct live_ref *r, const struct sys_watch *watch, struct arena *a, struct err *e)
{
	struct by_name s = {.name = r->text};
	if (!live_map_each(watch, false, a, same_name, &s, e))
		return -1;
	r->id = s.id;
	if (s.n == 1)
		return live_ref_open(
			LIVE_MAP, &(struct live_ref){.id = s.id, .text = r->text}, watch, e);
	if (!s.n) {
		err_set(e, "there is no map '%s' in the kernel", r->text);
		err_hint(e, "sonde map list lists all; a pinned one can be named by its path");
	} else {
		err_set(e, "%u maps are named '%s'", s.n, r->text);
		err_hint(e, "select one by its id: %s", s.ids);
	}
	return -1;
}

bool live_map_open_ref(struct live_map *m, const struct live_ref *which,
	const struct sys_watch *watch, struct arena *a, struct err *e)
{
	struct live_ref r = *which;
	*m = (struct live_map){.fd = -1};
	if (r.how == LIVE_BY_TAG)
		return err_set(e, "maps have no tag");
	m->fd = r.how == LIVE_BY_NAME ? open_name(&r, watch, a, e)
	                              : live_ref_open(LIVE_MAP, &r, watch, e);
	if (m->fd < 0)
		return false;
	long n = read_info(m, true, watch, a);
	if (n >= 0 && m->has_types && !typed_read_meanings(&m->btf, &m->meanings, NULL, a))
		n = -ENOMEM;
	if (n >= 0)
		return true;
	live_map_close(m);
	return err_sys(e, (int)-n, "map %s", r.text);
}

bool live_map_open(struct live_map *m, const char *which, const struct sys_watch *watch,
	struct arena *a, struct err *e)
{
	struct live_ref r;
	char *word = (char *)which;
	*m = (struct live_map){.fd = -1};
	return live_ref_parse(&r, &word, 1, 0, e) && live_map_open_ref(m, &r, watch, a, e);
}

void live_map_close(struct live_map *m)
{
	if (m->fd >= 0)
		close(m->fd);
	m->fd = -1;
}

int live_map_create(union bpf_attr *attr, const struct sys_watch *watch, struct err *e)
{
	long fd = sys_bpf(watch, BPF_MAP_CREATE, attr, offsetof(union bpf_attr, map_ifindex));
	if (fd >= 0)
		return (int)fd;
	err_sys(e, (int)-fd, "create the map");
	if (fd == -EPERM)
		err_hint(e, "it requires CAP_BPF, as root has");
	else if (fd == -EINVAL)
		err_hint(e, "sizes, entries or flags do not suit the type, or the kernel lacks it");
	return -1;
}

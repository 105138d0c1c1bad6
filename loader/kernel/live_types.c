/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_types.h"

#include <errno.h>
#include <unistd.h>

long live_types_info(
	const struct sys_watch *watch, int fd, struct bpf_btf_info *info, char *name, size_t room)
{
	uint32_t size = sizeof *info;
	*info = (struct bpf_btf_info){.name = sys_ptr(name), .name_len = (uint32_t)room};
	memset(name, 0, room);
	long r = sys_info(watch, fd, info, &size);
	if (r == -E2BIG) { /* before 5.11 it has no name */
		*info = (struct bpf_btf_info){0};
		size = offsetof(struct bpf_btf_info, name);
		r = sys_info(watch, fd, info, &size);
	}
	if (r < 0 || !info->kernel_btf)
		*name = 0;
	name[room - 1] = 0;
	return r;
}

static const struct btf *read_types(struct live_types *t, const struct live_type *own)
{
	struct target *k = t->kernel;
	struct err e = {0};
	const struct btf *base = *own->name ? target_btf(k, &e) : NULL;
	if (*own->name && (!base || !strcmp(own->name, "vmlinux")))
		return base;
	struct span bytes = target_types_bytes(k->watch, own->id, k->arena);
	struct btf *b = bytes.n ? arena_alloc(k->arena, sizeof *b) : NULL;
	return b && btf_open(b, bytes, base, k->arena, &e) ? b : NULL;
}

static const struct live_type *find(struct live_types *t, uint32_t id)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->list[i].id == id)
			return &t->list[i];
	struct live_type *grown =
		id ? arena_grow(t->kernel->arena, t->list, t->n, &t->room, sizeof *grown) : NULL;
	if (!grown)
		return NULL;
	t->list = grown;
	struct live_type *own = &grown[t->n++];
	*own = (struct live_type){.id = id};
	struct bpf_btf_info info;
	long fd = sys_open_id(t->kernel->watch, BPF_BTF_GET_FD_BY_ID, id);
	if (fd >= 0) {
		live_types_info(t->kernel->watch, (int)fd, &info, own->name, sizeof own->name);
		close((int)fd);
	}
	own->btf = read_types(t, own);
	return own;
}

const struct btf *live_types_get(struct live_types *t, uint32_t id)
{
	const struct live_type *own = find(t, id);
	return own ? own->btf : NULL;
}

const char *live_types_name(struct live_types *t, uint32_t id)
{
	const struct live_type *own = find(t, id);
	return own ? own->name : "";
}

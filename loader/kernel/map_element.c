/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_element.h"

#include "cpus.h"

#include "loader/plan/abi.h"
#include "loader/value/value.h"

struct map_info map_info_of(const struct plan_map *map)
{
	return (struct map_info){.name = map->name,
		.type = map->map_type,
		.key_size = map->key_size,
		.value_size = map->value_size,
		.max_entries = map->max_entries,
		.flags = map->map_flags};
}

bool map_is_percpu(uint32_t type)
{
	return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	       type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

enum map_holds map_holds(uint32_t type)
{
	switch (type) {
	case BPF_MAP_TYPE_PROG_ARRAY:
		return MAP_HOLDS_PROGRAMS;
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		return MAP_HOLDS_MAPS;
	default:
		return MAP_HOLDS_VALUES;
	}
}

bool map_key_is_prefix(const struct map_info *info)
{
	return info->type == BPF_MAP_TYPE_LPM_TRIE &&
	       (info->key_size == PREFIX_BITS + IP4_BYTES ||
		       info->key_size == PREFIX_BITS + IP6_BYTES);
}

size_t map_value_room(const struct map_info *info, unsigned cpus)
{
	size_t stride = map_value_stride(info);
	if (!map_is_percpu(info->type))
		return stride;
	unsigned bound = cpus_bound();
	return stride * (cpus > bound ? cpus : bound);
}

/* The attr of commands for one element. */
struct element {
	uint32_t fd, unused;
	uint64_t key, value; /* or the next key */
	uint64_t flags;
};

/* The size is the end of the last field used: lookup flags (5.1) are newer than the command. */
static long element(const struct sys_watch *w, int cmd, struct element *attr)
{
	size_t size = attr->flags   ? sizeof *attr
	              : attr->value ? offsetof(struct element, flags)
	                            : offsetof(struct element, value);
	return sys_bpf(w, cmd, attr, (unsigned)size);
}

long map_lookup(const struct sys_watch *w, int fd, const void *key, void *value, uint64_t flags)
{
	struct element attr = {(uint32_t)fd, 0, sys_ptr(key), sys_ptr(value), flags};
	return element(w, BPF_MAP_LOOKUP_ELEM, &attr);
}

long map_update(
	const struct sys_watch *w, int fd, const void *key, const void *value, uint64_t flags)
{
	struct element attr = {(uint32_t)fd, 0, sys_ptr(key), sys_ptr(value), flags};
	return element(w, BPF_MAP_UPDATE_ELEM, &attr);
}

long map_delete(const struct sys_watch *w, int fd, const void *key)
{
	struct element attr = {(uint32_t)fd, 0, sys_ptr(key), 0, 0};
	return element(w, BPF_MAP_DELETE_ELEM, &attr);
}

long map_take(const struct sys_watch *w, int fd, const void *key, void *value, uint64_t flags)
{
	struct element attr = {(uint32_t)fd, 0, sys_ptr(key), sys_ptr(value), flags};
	return element(w, BPF_MAP_LOOKUP_AND_DELETE_ELEM, &attr);
}

long map_next_key(const struct sys_watch *w, int fd, const void *key, void *next)
{
	struct element attr = {(uint32_t)fd, 0, sys_ptr(key), sys_ptr(next), 0};
	return element(w, BPF_MAP_GET_NEXT_KEY, &attr);
}

long map_freeze(const struct sys_watch *w, int fd)
{
	uint32_t attr = (uint32_t)fd;
	return sys_bpf(w, BPF_MAP_FREEZE, &attr, sizeof attr);
}

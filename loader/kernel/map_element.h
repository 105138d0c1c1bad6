/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Access to single elements of a live map; map_snapshot.h reads all of them. */
#ifndef SONDE_MAP_ELEMENT_H
#define SONDE_MAP_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader/plan/plan_contents.h"
#include "sys.h"

struct map_info {
	const char *name; /* for messages */
	uint32_t type;    /* enum bpf_map_type */
	uint32_t key_size, value_size, max_entries;
	uint32_t flags; /* BPF_F_* flags given at creation */
};

/* Of a map as it is planned, whose name is borrowed. */
struct map_info map_info_of(const struct plan_map *map);

bool map_is_percpu(uint32_t type);

/* What the values of a map are. Maps of programs and of maps are written with file descriptors and
 * read as ids. */
enum map_holds { MAP_HOLDS_VALUES, MAP_HOLDS_PROGRAMS, MAP_HOLDS_MAPS };
enum map_holds map_holds(uint32_t type);

/* Are the keys address prefixes: those of an LPM_TRIE with an IPv4 or IPv6 address, whatever its
 * type? */
bool map_key_is_prefix(const struct map_info *info);

/*
 * The number of bytes the kernel may read or write for one value of this map: the size that buffers
 * for map_lookup() and map_update() must have. A value of a per-CPU map has room for at least as
 * many CPUs as the kernel may write, even if cpus is smaller.
 */
size_t map_value_room(const struct map_info *info, unsigned cpus);

/* The distance in bytes between the values of two CPUs, which the kernel rounds up to 8. */
static inline size_t map_value_stride(const struct map_info *info)
{
	size_t size = info->value_size;
	return map_is_percpu(info->type) ? (size + 7) / 8 * 8 : size;
}

/*
 * key: key_size bytes, NULL for queues and stacks. value: map_value_room() bytes. flags: BPF_ANY,
 * BPF_NOEXIST, BPF_EXIST, BPF_F_LOCK. Return 0 or -errno: -ENOENT if there is no such key, -EEXIST
 * with BPF_NOEXIST, -E2BIG if the map is full, -EPERM if it is frozen or access is denied.
 */
long map_lookup(const struct sys_watch *w, int fd, const void *key, void *value, uint64_t flags);
long map_update(
	const struct sys_watch *w, int fd, const void *key, const void *value, uint64_t flags);
long map_delete(const struct sys_watch *w, int fd, const void *key);
/* Looks up and removes an element: queues and stacks since 4.20, hash maps since 5.14. */
long map_take(const struct sys_watch *w, int fd, const void *key, void *value, uint64_t flags);
/* Makes the map read-only for user space, for good (5.2). -EBUSY or -EPERM: frozen already, or mapped writable. */
long map_freeze(const struct sys_watch *w, int fd);
/* The key after `key` (NULL: the first one) in the map's own order; -ENOENT after the last one. */
long map_next_key(const struct sys_watch *w, int fd, const void *key, void *next);

#endif

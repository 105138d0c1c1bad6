/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reads live maps: single elements, and snapshots of everything in one.
 *
 * How a snapshot is taken:
 *
 *  - Where the kernel hands out many entries at once (BPF_MAP_LOOKUP_BATCH, 5.6, not for every
 *    type) that is asked for first. Its refusal costs one call; then keys are walked one by one.
 *  - A walk starts from no key at all (NULL, 4.12). Any key taken for the start, 0 for instance,
 *    may be in the map: then it and all in front of it would be lost.
 *  - When the key that a walk stands on is deleted meanwhile, the kernel starts again from the
 *    first one. This shows as a key that was seen before; the walk then goes back through the
 *    keys it has found, newest first, to one that is still there and continues behind it.
 *  - The kernel itself may lose its way in a map that changes, so keys are walked again until
 *    nothing new turns up.
 *  - Arrays have the keys 0 to max_entries - 1: nothing to walk.
 *  - A per-CPU map answers with one value for each *possible* CPU, each rounded up to 8 bytes.
 *    Room is always made for as many as the kernel may write, whatever number of CPUs the caller
 *    says.
 *
 * So an entry that stays in the map all the time is listed exactly once, whatever happens to
 * others (by a batch always; by a walk as far as can be told from outside the kernel); entries that
 * come or go meanwhile may be there or not. The number of calls is bounded.
 */
#ifndef SONDE_MAPREAD_H
#define SONDE_MAPREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "elf/base/span.h"
#include "kfs.h"
#include "sys.h"

struct map_info {
	const char *name; /* for messages */
	uint32_t type;    /* enum bpf_map_type */
	uint32_t key_size, value_size, max_entries;
	uint32_t flags; /* BPF_F_* of its creation */
};

/* How the entries of a type of map are reached from user space. */
enum map_access {
	MAP_WALK,   /* key by key */
	MAP_INDEX,  /* keys are 0 to max_entries - 1 */
	MAP_PEEK,   /* queue, stack: only the one that would be taken next */
	MAP_OPAQUE, /* not at all: ring buffers, bloom filters, maps of sockets' or tasks' data...
	             */
};

enum map_access map_access(uint32_t type);
bool map_is_percpu(uint32_t type);

/*
 * The number of possible CPUs: how many values an element of a per-CPU map has. From
 * /sys/devices/system/cpu/possible, found through k. Without sysfs (or k NULL): an upper bound
 * that the scheduler gives away; the surplus values then read as zeros, and sums stay right.
 */
unsigned map_cpus(struct kfs *k);

/* Bytes that the kernel may read or write for one value of this map: buffers of map_lookup() and
 * map_update() must have at least as many. */
size_t map_value_room(const struct map_info *info, unsigned cpus);

/* Bytes from one CPU's value to the next. */
static inline size_t map_value_stride(const struct map_info *info)
{
	size_t size = info->value_size;
	return map_is_percpu(info->type) ? (size + 7) / 8 * 8 : size;
}

/* All entries of a map at about the same time. */
struct map_entries {
	size_t n;
	size_t key_size, value_size; /* bytes; no key in a queue or stack */
	size_t stride;               /* bytes between the values of two CPUs */
	unsigned cpus;               /* values of one entry: 1 unless per-CPU */
	uint8_t *keys;               /* n * key_size */
	uint8_t *values;             /* n * cpus * stride */
	uint32_t *index;             /* hash table of entry numbers + 1; NULL: keys ascend */
	size_t index_size;           /* a power of two */
	int no_values;   /* 0, or the errno with which the kernel refuses to show values (zeros) */
	bool odd_hidden; /* a 32-bit kernel shows only the even slots of an array of programs */
	bool incomplete; /* the map changed so fast that entries may be missing */
};

/*
 * Reads everything. cpus: see map_cpus(); it only matters for per-CPU maps. *out lives in a.
 * Fails when the kernel refuses the calls, when memory is short and, with a sentence that says so,
 * on maps that are MAP_OPAQUE.
 */
bool map_snapshot(const struct sys_watch *w, int fd, const struct map_info *info, unsigned cpus,
	struct arena *a, struct map_entries *out, struct err *e);

/* The same without batches: key by key as on kernels before 5.6. */
bool map_snapshot_walk(const struct sys_watch *w, int fd, const struct map_info *info,
	unsigned cpus, struct arena *a, struct map_entries *out, struct err *e);

/* Key and value of entry i, in the byte order of this machine; cpu < out->cpus. */
static inline struct span map_key(const struct map_entries *s, size_t i)
{
	return (struct span){s->keys + i * s->key_size, s->key_size, host_is_big()};
}

static inline struct span map_value(const struct map_entries *s, size_t i, unsigned cpu)
{
	const uint8_t *p = s->values + (i * s->cpus + cpu) * s->stride;
	return (struct span){p, s->value_size, host_is_big()};
}

/* The entry with this key (key_size bytes), or SIZE_MAX. */
size_t map_find(const struct map_entries *s, const void *key);

/*
 * Single elements. key: key_size bytes, NULL for queues and stacks. value: map_value_room() bytes.
 * flags: BPF_ANY, BPF_NOEXIST, BPF_EXIST, BPF_F_LOCK. Return 0 or -errno: -ENOENT there is no such
 * key, -EEXIST with BPF_NOEXIST, -E2BIG the map is full, -EPERM frozen or not for this user.
 */
long map_lookup(const struct sys_watch *w, int fd, const void *key, void *value, uint64_t flags);
long map_update(
	const struct sys_watch *w, int fd, const void *key, const void *value, uint64_t flags);
long map_delete(const struct sys_watch *w, int fd, const void *key);
/* Takes an element out: queues and stacks 4.20, hash maps 5.14. */
long map_take(const struct sys_watch *w, int fd, const void *key, void *value, uint64_t flags);
/* The key after `key` (NULL: the first one) in the map's own order; -ENOENT behind the last one. */
long map_next_key(const struct sys_watch *w, int fd, const void *key, void *next);

#endif

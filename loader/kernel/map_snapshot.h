/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Snapshots: all entries of a live map, at once or in parts.
 *
 *  - Batched lookup (BPF_MAP_LOOKUP_BATCH, 5.6, not for every map type) is tried first. If the
 *    kernel rejects it, at the cost of one call, keys are walked one by one.
 *  - A walk starts with no key (NULL, 4.12). A key chosen as the start, such as 0, might be in the
 *    map; it and all entries before it would then be missed.
 *  - If the current key is deleted during the walk, the kernel starts again from the first key,
 *    which shows as a key seen before. The walk then goes back through the keys it has found,
 *    newest first, to one that still exists, and continues after it.
 *  - The kernel itself may skip entries of a map that changes, so keys are walked again until no
 *    new ones appear.
 *  - Arrays have the keys 0 to max_entries - 1 and need no walk.
 *  - A lookup in a per-CPU map returns one value for each *possible* CPU.
 *
 * So an entry that exists for the whole time is listed exactly once, whatever happens to others
 * (always with batches; with a walk as far as user space can tell); entries created or deleted in
 * the meantime may be listed or not. The number of calls is bounded.
 */
#ifndef SONDE_MAP_SNAPSHOT_H
#define SONDE_MAP_SNAPSHOT_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "elf/base/span.h"
#include "map_element.h"

/* How user space reaches the entries of a map. */
enum map_access {
	MAP_WALK,   /* key by key */
	MAP_INDEX,  /* keys are 0 to max_entries - 1 */
	MAP_PEEK,   /* queue, stack: only the next element */
	MAP_OPAQUE, /* not at all: ring buffers, bloom filters, socket and task storage, ... */
};

enum map_access map_access(uint32_t type);

/* The entries of a map. */
struct map_entries {
	size_t n;
	size_t key_size, value_size; /* bytes; queues and stacks have no key */
	size_t stride;               /* bytes between the values of two CPUs */
	unsigned cpus;               /* values per entry: 1 unless per-CPU */
	uint8_t *keys;               /* n * key_size */
	uint8_t *values;             /* n * cpus * stride */
	uint32_t *index;             /* hash table of entry numbers + 1, or NULL */
	size_t index_size;           /* a power of two */
	bool ascending;              /* keys ascend */
	/* Entries that map_read_fn has left out, and those of them whose values are all zero. */
	size_t omitted, omitted_zeros;
	int no_values;   /* the errno if the kernel does not return values (they are 0), or 0 */
	bool odd_hidden; /* a 32-bit kernel returns only the even slots of a program array */
	bool incomplete; /* the map changed so fast that entries may be missing */
};

/*
 * Reads all entries. cpus: see cpus_possible(), used for per-CPU maps only. The entries are
 * allocated from a. Fails if the kernel rejects the calls, if memory runs out, and for maps that
 * are MAP_OPAQUE.
 */
bool map_snapshot(const struct sys_watch *w, int fd, const struct map_info *info, unsigned cpus,
	struct arena *a, struct map_entries *out, struct err *e);

/*
 * Receives what has been read so far. It may change s->n, if it moves the entries that remain to the
 * front: with 0, the memory is used again for the next ones. last: there are no more. Returns false to
 * end the reading, with or without an error.
 */
typedef bool (*map_read_fn)(void *ctx, struct map_entries *s, bool last, struct err *e);

/*
 * The same in parts of about `part` bytes, so that the memory does not grow with the map: fn is called
 * whenever there are as many, and once at the end. Maps that are walked, among them all per-CPU hashes,
 * have a single part. False if fn fails, too.
 */
bool map_read(const struct sys_watch *w, int fd, const struct map_info *info, unsigned cpus,
	size_t part, map_read_fn fn, void *ctx, struct arena *a, struct err *e);

/* map_snapshot() without batches: key by key as on kernels before 5.6. */
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

/* Prepares a snapshot for map_find(); memory from a. False if there is none. */
bool map_index(struct map_entries *s, struct arena *a);

/* The entry with this key (key_size bytes), or SIZE_MAX. Only after map_index(). */
size_t map_find(const struct map_entries *s, const void *key);

#endif

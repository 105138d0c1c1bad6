/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_snapshot.h"

#include <errno.h>
#include <sys/utsname.h>

#include "elf/base/arch.h"
#include "loader/plan/abi.h"

enum {
	BATCH_BYTES = 1 << 16, /* keys and values per batch, but at least one entry */
	PASSES = 4,            /* limit for a map that never stops changing */
};

enum map_access map_access(uint32_t type)
{
	switch (type) {
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_CPUMAP:
	case BPF_MAP_TYPE_REUSEPORT_SOCKARRAY:
	case BPF_MAP_TYPE_INSN_ARRAY:
		return MAP_INDEX;
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
		return MAP_PEEK;
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_CGROUP_ARRAY:
	case BPF_MAP_TYPE_XSKMAP:
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_RINGBUF:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case BPF_MAP_TYPE_BLOOM_FILTER:
	case BPF_MAP_TYPE_USER_RINGBUF:
	case BPF_MAP_TYPE_CGRP_STORAGE:
	case BPF_MAP_TYPE_ARENA:
	case BPF_MAP_TYPE_STRUCT_OPS: /* its value only repeats what the object contains */
		return MAP_OPAQUE;
	default: /* hash maps of all kinds, LPM_TRIE, STACK_TRACE, and types newer than this code */
		return MAP_WALK;
	}
}

/* The attr of batch commands. */
struct batch {
	uint64_t in, out; /* the position after the last batch: opaque, 4 or key_size bytes */
	uint64_t keys, values;
	uint32_t count; /* in: room; out: entries returned */
	uint32_t fd;
};

/* A snapshot being read. */
struct reader {
	const struct sys_watch *w;
	int fd;
	const struct map_info *info;
	struct map_entries *out;
	struct arena *a;      /* for the result */
	struct arena scratch; /* freed after reading */
	struct err *e;
	size_t keys_room, values_room; /* entries */
	uint8_t *value;                /* one value, map_value_room() bytes */
	map_read_fn fn;                /* NULL: everything is kept */
	void *ctx;
	size_t part; /* entries */
	bool passed; /* fn has had some */
	bool ended;  /* and wants no more */
};

static size_t hash(const uint8_t *key, size_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
	for (size_t i = 0; i < n; i++)
		h = (h ^ key[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 32);
}

/* The slot of the index that holds this key, or the free one to insert it at. */
static uint32_t *index_slot(const struct map_entries *s, const uint8_t *key)
{
	size_t i = hash(key, s->key_size);
	for (;; i++) {
		uint32_t *slot = &s->index[i & (s->index_size - 1)];
		if (!*slot || !memcmp(s->keys + (*slot - 1) * s->key_size, key, s->key_size))
			return slot;
	}
}

size_t map_find(const struct map_entries *s, const void *key)
{
	if (s->index) {
		uint32_t *slot = index_slot(s, key);
		return *slot ? *slot - 1 : SIZE_MAX;
	}
	if (s->key_size != 4 || !s->ascending)
		return SIZE_MAX;
	uint32_t wanted = (uint32_t)bytes_get(key, 4, host_is_big());
	size_t low = 0, high = s->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint32_t found = span_u32(map_key(s, middle), 0);
		if (found == wanted)
			return middle;
		if (found < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return SIZE_MAX;
}

/* Makes an index with room for twice as many entries. */
static bool make_index(struct map_entries *s, struct arena *a)
{
	size_t size = 64;
	while (size < s->n * 4)
		size *= 2;
	uint32_t *fresh = s->n < UINT32_MAX / 4 ? arena_array(a, size, sizeof *fresh) : NULL;
	if (!fresh)
		return false;
	s->index = fresh;
	s->index_size = size;
	for (size_t i = 0; i < s->n; i++)
		*index_slot(s, s->keys + i * s->key_size) = (uint32_t)i + 1;
	return true;
}

bool map_index(struct map_entries *s, struct arena *a)
{
	return s->index || s->ascending || !s->key_size || make_index(s, a);
}

/* Keeps the index at most half full. */
static bool grow_index(struct reader *r)
{
	struct map_entries *s = r->out;
	bool full = !s->index || s->n >= s->index_size / 2;
	return !full || make_index(s, r->a) || err_nomem(r->e);
}

static bool seen(const struct reader *r, const uint8_t *key)
{
	return r->out->index && *index_slot(r->out, key);
}

/* Keys seen before have to be known as long as there may be more of them. */
static bool pass_on(struct reader *r)
{
	if (!r->fn || r->out->index || r->out->n < r->part)
		return true;
	r->passed = true;
	r->ended = !r->fn(r->ctx, r->out, false, r->e);
	if (r->out->n >= r->part / 2)
		r->part = r->out->n * 2; /* what stays is not passed on again and again */
	return !r->ended;
}

/* Appends n entries. values: cpus values for each. */
static bool add_several(struct reader *r, size_t n, const void *keys, const void *values)
{
	struct map_entries *s = r->out;
	size_t value_bytes = s->stride * s->cpus;
	if (!pass_on(r))
		return false;
	while (n) {
		uint8_t *all_keys = arena_grow(r->a, s->keys, s->n, &r->keys_room, s->key_size);
		if (all_keys)
			s->keys = all_keys;
		uint8_t *all_values =
			arena_grow(r->a, s->values, s->n, &r->values_room, value_bytes);
		if (all_values)
			s->values = all_values;
		if (!all_keys || !all_values)
			return err_nomem(r->e);
		size_t room = r->keys_room < r->values_room ? r->keys_room : r->values_room;
		size_t some = n < room - s->n ? n : room - s->n;
		if (s->key_size) {
			memcpy(all_keys + s->n * s->key_size, keys, some * s->key_size);
			keys = (const uint8_t *)keys + some * s->key_size;
		}
		if (value_bytes)
			memcpy(all_values + s->n * value_bytes, values, some * value_bytes);
		values = (const uint8_t *)values + some * value_bytes;
		s->n += some;
		n -= some;
	}
	return true;
}

static bool add(struct reader *r, const void *key, const void *value)
{
	return add_several(r, 1, key, value);
}

/* Appends an entry of a map whose keys are unordered. */
static bool add_indexed(struct reader *r, const void *key, const void *value)
{
	if (!grow_index(r) || !add(r, key, value))
		return false;
	*index_slot(r->out, key) = (uint32_t)r->out->n;
	return true;
}

/* False with an error when the caller wants no more of it. */
static bool go_on(struct reader *r)
{
	return !sys_stopped(r->w) ||
	       err_set(r->e, "map '%s': interrupted while reading it", r->info->name);
}

static bool explain(struct reader *r, long error, const char *what)
{
	if (error == -EPERM && r->info->flags & BPF_F_WRONLY)
		err_hint(r->e,
			"this map was created with BPF_F_WRONLY: user space may only write it");
	return err_sys(r->e, (int)-error, "map '%s': %s", r->info->name, what);
}

/*
 * Looks up a key and appends the entry; *gone: the key does not exist (any more). For some map
 * types the kernel returns keys but no values.
 */
static bool take_entry(struct reader *r, const void *key, bool indexed, bool *gone)
{
	long error = map_lookup(r->w, r->fd, key, r->value, 0);
	*gone = error == -ENOENT;
	if (*gone)
		return true;
	if (error == -ENOTSUPP_KERNEL || error == -EOPNOTSUPP || error == -ENOSPC)
		r->out->no_values = (int)-error;
	else if (error)
		return explain(r, error, "read a value");
	return indexed ? add_indexed(r, key, r->value) : add(r, key, r->value);
}

/* One pass through all keys. Entries are identified by their number in the snapshot. */
struct pass {
	unsigned number; /* from 1 */
	uint32_t *order; /* entries in the order in which this pass visited them */
	size_t n, order_room;
	uint8_t *last_pass; /* for each entry: the last pass that visited it */
	size_t last_pass_room;
	uint64_t calls;
	bool found; /* this pass found a new key */
};

/* Visits a key. *again: this pass has visited it before. A key that vanishes is skipped. */
static bool visit(struct reader *r, struct pass *p, const uint8_t *key, bool *again)
{
	struct map_entries *s = r->out;
	size_t at = s->index ? map_find(s, key) : SIZE_MAX;
	bool gone = false, is_new = at == SIZE_MAX;
	*again = !is_new && p->last_pass[at] == p->number;
	if (*again)
		return true;
	if (is_new) {
		at = s->n;
		if (!take_entry(r, key, true, &gone))
			return false;
	}
	if (gone)
		return true;
	p->found |= is_new;
	uint32_t *order = arena_grow(&r->scratch, p->order, p->n, &p->order_room, sizeof *order);
	uint8_t *last = p->last_pass;
	if (is_new)
		last = arena_grow(&r->scratch, last, at, &p->last_pass_room, 1);
	if (!order || !last)
		return err_nomem(r->e);
	p->order = order;
	p->last_pass = last;
	last[at] = (uint8_t)p->number;
	order[p->n++] = (uint32_t)at;
	return true;
}

/* Sets incomplete if the walk does not end. */
static bool walk_once(struct reader *r, struct pass *p, uint8_t *key, uint8_t *next)
{
	struct map_entries *s = r->out;
	const uint64_t most = UINT64_C(2) * r->info->max_entries + 64;
	size_t back = 0;
	bool started = false, again;
	for (;;) {
		long error = map_next_key(r->w, r->fd, started ? key : NULL, next);
		if (error == -ENOENT)
			return true;
		if (error)
			return explain(r, error, "list its keys");
		if (!go_on(r))
			return false;
		s->incomplete = ++p->calls > UINT64_C(8) * s->n + 4096 || s->n >= most;
		if (s->incomplete)
			return true;
		if (!visit(r, p, next, &again))
			return false;
		if (!again) {
			memcpy(key, next, s->key_size);
			back = p->n;
			started = true;
			continue;
		}
		if (!back)
			back = p->n;
		memcpy(key, s->keys + p->order[--back] * s->key_size, s->key_size);
	}
}

/*
 * The kernel walks a hash without a lock. If the element the walk is at is deleted and reused for
 * another key at that moment, the walk continues in that key's bucket. This is rare, but all
 * buckets in between are then skipped without notice. So the keys are walked again until no new
 * ones appear.
 */
static bool read_walk(struct reader *r)
{
	struct pass p = {0};
	uint8_t *key = arena_alloc(&r->scratch, r->out->key_size);
	uint8_t *next = arena_alloc(&r->scratch, r->out->key_size);
	if (!key || !next)
		return err_nomem(r->e);
	do {
		p.number++;
		p.n = 0;
		p.calls = 0;
		p.found = false;
		if (!walk_once(r, &p, key, next))
			return false;
	} while (p.found && p.number < PASSES && !r->out->incomplete);
	return true;
}

static bool read_index(struct reader *r)
{
	bool gone;
	for (uint32_t i = 0; i < r->info->max_entries; i++)
		if (!go_on(r) || !take_entry(r, &i, false, &gone))
			return false;
	return true;
}

/*
 * 32-bit kernels store the programs of a PROG_ARRAY 4 bytes apart, but user space lookups read them
 * 8 bytes apart (seen on 6.12): a lookup of slot i returns slot 2i, and odd slots cannot be read.
 * Tail calls are not affected.
 */
static bool shows_even_slots(const struct map_info *info)
{
	struct utsname u;
	return sizeof(void *) == 4 && info->type == BPF_MAP_TYPE_PROG_ARRAY && !uname(&u) &&
	       arch_word(u.machine) == 4;
}

static bool read_even_slots(struct reader *r)
{
	bool gone;
	r->out->odd_hidden = true;
	for (uint32_t i = 0; i <= (r->info->max_entries - 1) / 2; i++) {
		if (!take_entry(r, &i, false, &gone))
			return false;
		if (!gone)
			bytes_put(r->out->keys + (r->out->n - 1) * 4, 4, host_is_big(), i * 2);
	}
	return true;
}

static bool read_peek(struct reader *r)
{
	long error = map_lookup(r->w, r->fd, NULL, r->value, 0);
	if (error == -ENOENT)
		return true;
	return error ? explain(r, error, "look at the next element") : add(r, NULL, r->value);
}

/* Whether batches may have a key twice. Of a hash, they have whole buckets; of other maps, the kernel
 * looks for one key after the other and begins anew if the last one was deleted. */
static bool may_repeat(uint32_t type)
{
	return map_access(type) == MAP_WALK && type != BPF_MAP_TYPE_HASH &&
	       type != BPF_MAP_TYPE_LRU_HASH;
}

static bool add_batch(
	struct reader *r, const struct batch *b, const uint8_t *keys, const uint8_t *values)
{
	if (!may_repeat(r->info->type))
		return add_several(r, b->count, keys, values);
	for (size_t i = 0; i < b->count; i++) {
		const uint8_t *key = keys + i * r->out->key_size;
		if (!seen(r, key) && !add_indexed(r, key, values + i * r->out->stride))
			return false;
	}
	return true;
}

/*
 * Reads all entries with BPF_MAP_LOOKUP_BATCH. *done stays false if the kernel does not support it
 * for this map. Other errors need no handling here: the walk that follows meets them too.
 */
static bool read_batches(struct reader *r, bool *done)
{
	size_t each = r->out->key_size + r->out->stride, most = r->info->max_entries;
	size_t room = each && BATCH_BYTES / each ? BATCH_BYTES / each : 1;
	uint8_t *keys = NULL, *values = NULL;
	uint8_t *where = arena_alloc(&r->scratch, r->out->key_size + 4);
	bool started = false;
	uint64_t got = 0;
	room = room < most ? room : most;
	for (size_t had = 0;;) {
		if (had != room) {
			keys = arena_array(&r->scratch, room, r->out->key_size);
			values = arena_array(&r->scratch, room, r->out->stride);
			had = room;
		}
		if (!where || !keys || !values)
			return err_nomem(r->e);
		struct batch b = {started ? sys_ptr(where) : 0, sys_ptr(where), sys_ptr(keys),
			sys_ptr(values), (uint32_t)room, (uint32_t)r->fd};
		long error = sys_bpf(r->w, BPF_MAP_LOOKUP_BATCH, &b, sizeof b);
		if (error == -ENOSPC && room < most) { /* a bucket of the hash exceeds the room */
			room = room < most / 2 ? room * 2 : most;
			continue;
		}
		if ((error && error != -ENOENT) || b.count > room)
			return !r->passed || explain(r, error ? error : -EINVAL, "read a batch");
		if (!go_on(r) || !add_batch(r, &b, keys, values))
			return false;
		*done = error == -ENOENT;
		if (*done)
			return true;
		got += b.count;
		if (got >= UINT64_C(2) * most + 64) {
			r->out->incomplete = *done = true;
			return true;
		}
		started = true;
	}
}

/* Discards the entries of a failed attempt; their memory is used again. */
static void clear(struct reader *r)
{
	struct map_entries *s = r->out;
	*s = (struct map_entries){.key_size = r->info->key_size,
		.value_size = r->info->value_size,
		.stride = s->stride,
		.cpus = s->cpus,
		.keys = s->keys,
		.values = s->values,
		.ascending = map_access(r->info->type) == MAP_INDEX};
}

/* Room for a part: growing step by step would need twice as much. */
static bool make_room(struct reader *r, size_t bytes)
{
	struct map_entries *s = r->out;
	size_t each = s->key_size + s->stride * s->cpus;
	r->part = each && bytes / each ? bytes / each : 1;
	if (r->part > r->info->max_entries || map_access(r->info->type) == MAP_PEEK)
		return true;
	s->keys = arena_array(r->a, r->part, s->key_size);
	s->values = arena_array(r->a, r->part, s->stride * s->cpus);
	r->keys_room = r->values_room = r->part;
	return (s->keys && s->values) || err_nomem(r->e);
}

static bool snapshot(struct reader *r, bool batches)
{
	enum map_access access = map_access(r->info->type);
	if (access == MAP_OPAQUE)
		return err_set(r->e,
			"map '%s': maps of this type have no entries that can be listed",
			r->info->name);
	if (access == MAP_PEEK)
		r->out->key_size = 0;
	else if (access == MAP_INDEX && r->info->key_size != 4)
		return err_set(r->e, "map '%s': an array must have keys of 4 bytes, not %u",
			r->info->name, r->info->key_size);
	if (batches && access != MAP_PEEK && !map_is_percpu(r->info->type)) {
		bool done = false;
		if (!read_batches(r, &done))
			return false;
		if (done)
			return true;
		clear(r);
	}
	switch (access) {
	case MAP_INDEX:
		return shows_even_slots(r->info) ? read_even_slots(r) : read_index(r);
	case MAP_PEEK:
		return read_peek(r);
	default:
		return read_walk(r);
	}
}

static struct map_entries no_entries(const struct map_info *info, unsigned cpus)
{
	return (struct map_entries){.stride = map_value_stride(info),
		.cpus = map_is_percpu(info->type) && cpus ? cpus : 1};
}

static bool read_all(struct reader *r, unsigned cpus, bool batches)
{
	r->value = arena_alloc(&r->scratch, map_value_room(r->info, cpus));
	bool ok = r->value ? snapshot(r, batches) : err_nomem(r->e);
	arena_free(&r->scratch);
	return ok;
}

bool map_snapshot(const struct sys_watch *w, int fd, const struct map_info *info, unsigned cpus,
	struct arena *a, struct map_entries *out, struct err *e)
{
	struct reader r = {.w = w, .fd = fd, .info = info, .out = out, .a = a, .e = e};
	*out = no_entries(info, cpus);
	clear(&r);
	return read_all(&r, cpus, true);
}

bool map_snapshot_walk(const struct sys_watch *w, int fd, const struct map_info *info,
	unsigned cpus, struct arena *a, struct map_entries *out, struct err *e)
{
	struct reader r = {.w = w, .fd = fd, .info = info, .out = out, .a = a, .e = e};
	*out = no_entries(info, cpus);
	clear(&r);
	return read_all(&r, cpus, false);
}

bool map_read(const struct sys_watch *w, int fd, const struct map_info *info, unsigned cpus,
	size_t part, map_read_fn fn, void *ctx, struct arena *a, struct err *e)
{
	struct map_entries s = no_entries(info, cpus);
	struct reader r = {
		.w = w, .fd = fd, .info = info, .out = &s, .a = a, .e = e, .fn = fn, .ctx = ctx};
	clear(&r);
	if (!make_room(&r, part) || !read_all(&r, cpus, true))
		return r.ended && !e->set;
	return fn(ctx, &s, true, e) || !e->set;
}

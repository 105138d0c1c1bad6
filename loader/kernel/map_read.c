/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_read.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "elf/base/arch.h"
#include "loader/plan/abi.h"

enum {
	ENOTSUPP_KERNEL = 524, /* of the kernel alone: in no header */
	BATCH_BYTES =
		1 << 16, /* of keys and values asked for at once, if that is an entry or more */
	CPUS_MAX = 1 << 16,
	PASSES = 4, /* walks through a map that changes all the time, at most */
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
	case BPF_MAP_TYPE_STRUCT_OPS: /* shows the functions that the object itself names */
		return MAP_OPAQUE;
	default: /* hash maps of all kinds, LPM_TRIE, STACK_TRACE, and what is newer than this */
		return MAP_WALK;
	}
}

bool map_is_percpu(uint32_t type)
{
	return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	       type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

/* Number of CPUs in a list like "0-3,5,8-11"; 0 when it is no such list. */
static unsigned count_cpus(const char *list)
{
	unsigned n = 0;
	for (;;) {
		char *end;
		unsigned long first = strtoul(list, &end, 10), last = first;
		if (end == list)
			return 0;
		if (*end == '-') {
			list = end + 1;
			last = strtoul(list, &end, 10);
		}
		if (end == list || last < first || last >= CPUS_MAX)
			return 0;
		n += (unsigned)(last - first) + 1;
		if (*end != ',')
			return *end == '\n' || !*end ? n : 0;
		list = end + 1;
	}
}

/*
 * No machine has more possible CPUs than the scheduler has bits in a CPU mask, and the system call
 * (not the function of libc) returns how many bytes that mask has.
 */
static unsigned cpus_bound(void)
{
	unsigned long mask[CPUS_MAX / 8 / sizeof(unsigned long)];
	long n = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
	return n > 0 ? (unsigned)n * 8 : CPUS_MAX;
}

unsigned map_cpus(struct kfs *k)
{
	char text[4096];
	unsigned n = 0;
	if (k && kfs_read_text(k, KFS_SYS, "devices/system/cpu/possible", text, sizeof text) > 0)
		n = count_cpus(text);
	return n ? n : cpus_bound();
}

size_t map_value_room(const struct map_info *info, unsigned cpus)
{
	size_t stride = map_value_stride(info);
	if (!map_is_percpu(info->type))
		return stride;
	unsigned bound = cpus_bound();
	return stride * (cpus > bound ? cpus : bound);
}

/* The attr of commands on one element. */
struct element {
	uint32_t fd, unused;
	uint64_t key, value; /* or the next key */
	uint64_t flags;
};

/* A size is the end of the last field used: flags of a lookup are newer than the command (5.1). */
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

/* The attr of batch commands. */
struct batch {
	uint64_t in, out; /* where the last one ended: opaque, 4 or key_size bytes */
	uint64_t keys, values;
	uint32_t count; /* room; then how many there are */
	uint32_t fd;
};

/* A snapshot in the making. */
struct reader {
	const struct sys_watch *w;
	int fd;
	const struct map_info *info;
	struct map_entries *out;
	struct arena *a;      /* of the result */
	struct arena scratch; /* of the reading */
	struct err *e;
	size_t keys_room, values_room; /* entries */
	uint8_t *value;                /* one value as the kernel writes it */
};

static size_t hash(const uint8_t *key, size_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
	for (size_t i = 0; i < n; i++)
		h = (h ^ key[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 32);
}

/* The slot of the index that holds this key, or the free one where it belongs. */
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
	if (s->key_size != 4)
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

/* Keeps the index at most half full. */
static bool grow_index(struct reader *r)
{
	struct map_entries *s = r->out;
	if (s->index && s->n < s->index_size / 2)
		return true;
	size_t size = s->index ? s->index_size * 2 : 64;
	uint32_t *fresh = s->n < UINT32_MAX / 2 ? arena_array(r->a, size, sizeof *fresh) : NULL;
	if (!fresh)
		return err_nomem(r->e);
	s->index = fresh;
	s->index_size = size;
	for (size_t i = 0; i < s->n; i++)
		*index_slot(s, s->keys + i * s->key_size) = (uint32_t)i + 1;
	return true;
}

static bool seen(const struct reader *r, const uint8_t *key)
{
	return r->out->index && *index_slot(r->out, key);
}

/* Appends an entry. value: the first one of cpus values. */
static bool add(struct reader *r, const void *key, const void *value)
{
	struct map_entries *s = r->out;
	size_t value_bytes = s->stride * s->cpus;
	uint8_t *keys = arena_grow(r->a, s->keys, s->n, &r->keys_room, s->key_size);
	if (keys)
		s->keys = keys;
	uint8_t *values = arena_grow(r->a, s->values, s->n, &r->values_room, value_bytes);
	if (values)
		s->values = values;
	if (!keys || !values)
		return err_nomem(r->e);
	if (s->key_size)
		memcpy(keys + s->n * s->key_size, key, s->key_size);
	if (value_bytes)
		memcpy(values + s->n * value_bytes, value, value_bytes);
	s->n++;
	return true;
}

/* Appends an entry of a map whose keys come in no order. */
static bool add_indexed(struct reader *r, const void *key, const void *value)
{
	if (!grow_index(r) || !add(r, key, value))
		return false;
	*index_slot(r->out, key) = (uint32_t)r->out->n;
	return true;
}

static bool refused(struct reader *r, long error, const char *what)
{
	if (error == -EPERM && r->info->flags & BPF_F_WRONLY)
		err_hint(r->e, "this map was made with BPF_F_WRONLY: user space may only write it");
	return err_sys(r->e, (int)-error, "map '%s': %s", r->info->name, what);
}

/*
 * Looks up a key and appends it; *gone: it isn't there (any more). A kernel that keeps the values
 * of a type of map to itself does not keep it from having keys.
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
		return refused(r, error, "read a value");
	return indexed ? add_indexed(r, key, r->value) : add(r, key, r->value);
}

/* One pass through all keys. Entries are known by their number in the snapshot. */
struct pass {
	unsigned number; /* from 1 */
	uint32_t *order; /* entries in the order in which this pass came to them */
	size_t n, order_room;
	uint8_t *last_pass; /* of each entry: the last pass that came to it */
	size_t last_pass_room;
	uint64_t calls;
	bool found; /* something that earlier passes did not */
};

/* Comes to a key: *again when this pass was there before. A key that vanishes is passed over. */
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

/* Sets incomplete when it leads nowhere. */
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
			return refused(r, error, "list its keys");
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
 * The kernel walks a hash without a lock. An element that is deleted and used again for another key
 * in the very moment in which the walk stands on it leads it astray, into another bucket: rarely,
 * but then all that lies between is missing, and nothing tells. So the keys are walked again until
 * nothing new turns up.
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
		if (!take_entry(r, &i, false, &gone))
			return false;
	return true;
}

/*
 * Kernels of 32 bits store the programs of a PROG_ARRAY 4 bytes apart, but look them up for user
 * space 8 bytes apart (seen on 6.12): asked for slot i they answer with slot 2i, and odd slots
 * can't be seen. Programs that jump through the map are not concerned.
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
	return error ? refused(r, error, "look at the next element") : add(r, NULL, r->value);
}

static bool add_batch(struct reader *r, const struct batch *b, const uint8_t *keys,
	const uint8_t *values, bool indexed)
{
	for (size_t i = 0; i < b->count; i++) {
		const uint8_t *key = keys + i * r->out->key_size;
		const uint8_t *value = values + i * r->out->stride;
		if (indexed && seen(r, key))
			continue;
		if (!(indexed ? add_indexed(r, key, value) : add(r, key, value)))
			return false;
	}
	return true;
}

/*
 * Everything by BPF_MAP_LOOKUP_BATCH. *done stays false when the kernel can't do that with this
 * map: the reason does not matter, as the walk that follows finds it too if it is a real one.
 */
static bool read_batches(struct reader *r, bool indexed, bool *done)
{
	size_t each = r->out->key_size + r->out->stride, most = r->info->max_entries;
	size_t room = each && BATCH_BYTES / each ? BATCH_BYTES / each : 1;
	uint8_t *keys = NULL, *values = NULL;
	uint8_t *where = arena_alloc(&r->scratch, r->out->key_size + 4);
	bool started = false;
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
		if (error == -ENOSPC && room < most) { /* one bucket of a hash has more */
			room = room < most / 2 ? room * 2 : most;
			continue;
		}
		if ((error && error != -ENOENT) || b.count > room)
			return true;
		if (!add_batch(r, &b, keys, values, indexed))
			return false;
		*done = error == -ENOENT;
		if (*done)
			return true;
		if (r->out->n >= UINT64_C(2) * most + 64) {
			r->out->incomplete = *done = true;
			return true;
		}
		started = true;
	}
}

/* Forgets what an attempt has found. */
static void clear(struct reader *r)
{
	struct map_entries *s = r->out;
	*s = (struct map_entries){.key_size = r->info->key_size,
		.value_size = r->info->value_size,
		.stride = s->stride,
		.cpus = s->cpus};
	r->keys_room = r->values_room = 0;
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
		return err_set(r->e, "map '%s': an array with keys of %u bytes instead of 4",
			r->info->name, r->info->key_size);
	if (batches && access != MAP_PEEK && !map_is_percpu(r->info->type)) {
		bool done = false;
		if (!read_batches(r, access == MAP_WALK, &done))
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

static bool read_map(const struct sys_watch *w, int fd, const struct map_info *info, unsigned cpus,
	bool batches, struct arena *a, struct map_entries *out, struct err *e)
{
	struct reader r = {.w = w, .fd = fd, .info = info, .out = out, .a = a, .e = e};
	*out = (struct map_entries){.stride = map_value_stride(info),
		.cpus = map_is_percpu(info->type) && cpus ? cpus : 1};
	clear(&r);
	r.value = arena_alloc(&r.scratch, map_value_room(info, cpus));
	bool ok = r.value ? snapshot(&r, batches) : err_nomem(e);
	arena_free(&r.scratch);
	return ok;
}

bool map_snapshot(const struct sys_watch *w, int fd, const struct map_info *info, unsigned cpus,
	struct arena *a, struct map_entries *out, struct err *e)
{
	return read_map(w, fd, info, cpus, true, a, out, e);
}

bool map_snapshot_walk(const struct sys_watch *w, int fd, const struct map_info *info,
	unsigned cpus, struct arena *a, struct map_entries *out, struct err *e)
{
	return read_map(w, fd, info, cpus, false, a, out, e);
}

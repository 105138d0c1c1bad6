/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Tests on the running kernel, with maps of their own. They are skipped if bpf(2) is not permitted.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/base/insn.h"
#include "loader/plan/abi.h"
#include "loader/kernel/cpus.h"
#include "loader/kernel/map_snapshot.h"

typedef bool snapshot_fn(const struct sys_watch *, int, const struct map_info *, unsigned,
	struct arena *, struct map_entries *, struct err *);

static snapshot_fn *const both[] = {map_snapshot, map_snapshot_walk};

struct create {
	uint32_t type, key_size, value_size, max_entries, flags, inner_fd;
};

/* Creates a map, or skips the test. */
static int make(const struct map_info *m, int inner_fd)
{
	struct create attr = {
		m->type, m->key_size, m->value_size, m->max_entries, m->flags, (uint32_t)inner_fd};
	long fd = sys_bpf(NULL, BPF_MAP_CREATE, &attr, inner_fd ? sizeof attr : 20);
	if (fd == -EPERM || fd == -ENOSYS) {
		print_message("# SKIP bpf(BPF_MAP_CREATE) is not permitted here\n");
		skip();
	}
	if (fd < 0)
		fail_msg("BPF_MAP_CREATE: errno %ld", -fd);
	return (int)fd;
}

static const struct map_info hash_map = {"numbers", BPF_MAP_TYPE_HASH, 4, 8, 4096, 0};

static void put(int fd, uint32_t key, uint64_t value)
{
	assert_int_equal(map_update(NULL, fd, &key, &value, BPF_ANY), 0);
}

static struct map_entries shot(snapshot_fn *fn, const struct sys_watch *w, int fd,
	const struct map_info *m, struct arena *a)
{
	struct map_entries s;
	struct err e = {0};
	if (!fn(w, fd, m, 0, a, &s, &e))
		fail_msg("%s", e.text);
	assert_true(map_index(&s, a));
	return s;
}

static uint32_t key_of(const struct map_entries *s, size_t i)
{
	return span_u32(map_key(s, i), 0);
}

static void empty(void **state)
{
	(void)state;
	int fd = make(&hash_map, 0);
	struct arena a = {0};
	for (unsigned i = 0; i < 2; i++) {
		struct map_entries s = shot(both[i], NULL, fd, &hash_map, &a);
		assert_int_equal(s.n, 0);
		assert_false(s.incomplete);
	}
	arena_free(&a);
	close(fd);
}

/* A walk that starts after key 0 would miss it and all keys before it. */
static void key_zero_is_there(void **state)
{
	(void)state;
	int fd = make(&hash_map, 0);
	struct arena a = {0};
	for (uint32_t k = 0; k < 5; k++)
		put(fd, k, 100 + k);
	for (unsigned i = 0; i < 2; i++) {
		struct map_entries s = shot(both[i], NULL, fd, &hash_map, &a);
		assert_int_equal(s.n, 5);
		for (uint32_t k = 0; k < 5; k++) {
			size_t at = map_find(&s, &k);
			assert_true(at < 5);
			assert_int_equal(span_u64(map_value(&s, at, 0), 0), 100 + k);
		}
		uint32_t none = 7;
		assert_true(map_find(&s, &none) == SIZE_MAX);
	}
	arena_free(&a);
	close(fd);
}

/* Counts how often each of n keys is in a snapshot. */
static uint8_t *count_keys(const struct map_entries *s, uint32_t n)
{
	uint8_t *counts = calloc(n, 1);
	for (size_t i = 0; i < s->n; i++) {
		assert_true(key_of(s, i) < n);
		counts[key_of(s, i)]++;
	}
	return counts;
}

static void thousand_entries_once(void **state)
{
	(void)state;
	int fd = make(&hash_map, 0);
	struct arena a = {0};
	for (uint32_t k = 0; k < 1000; k++)
		put(fd, k, k * UINT64_C(10000000000));
	for (unsigned i = 0; i < 2; i++) {
		struct map_entries s = shot(both[i], NULL, fd, &hash_map, &a);
		assert_int_equal(s.n, 1000);
		uint8_t *counts = count_keys(&s, 1000);
		for (uint32_t k = 0; k < 1000; k++) {
			assert_int_equal(counts[k], 1);
			size_t at = map_find(&s, &k);
			assert_int_equal(
				span_u64(map_value(&s, at, 0), 0), k * UINT64_C(10000000000));
		}
		free(counts);
	}
	arena_free(&a);
	close(fd);
}

struct count {
	unsigned batches, next, lookups;
};

static void count_calls(void *ctx, int cmd, const void *attr, unsigned size, long result)
{
	struct count *c = ctx;
	(void)attr;
	(void)size;
	(void)result;
	c->batches += cmd == BPF_MAP_LOOKUP_BATCH;
	c->next += cmd == BPF_MAP_GET_NEXT_KEY;
	c->lookups += cmd == BPF_MAP_LOOKUP_ELEM;
}

static void calls_are_few(void **state)
{
	(void)state;
	int fd = make(&hash_map, 0);
	struct arena a = {0};
	for (uint32_t k = 0; k < 1000; k++)
		put(fd, k, k);
	struct count c = {0};
	struct sys_watch w = {.fn = count_calls, .ctx = &c};
	shot(map_snapshot_walk, &w, fd, &hash_map, &a);
	assert_int_equal(c.batches, 0);
	assert_int_equal(c.next, 2002); /* one pass to find them, one to confirm */
	assert_int_equal(c.lookups, 1000);
	c = (struct count){0};
	shot(map_snapshot, &w, fd, &hash_map, &a);
	if (c.next == 0) /* Linux 5.6 */
		assert_true(c.batches <= 3 && c.lookups == 0);
	arena_free(&a);
	close(fd);
}

/*
 * The keys at which the walk is are deleted concurrently. Keys divisible by 3 remain; each of the
 * others is deleted as soon as it has been returned. `again` inserts it again at once, at another
 * position.
 */
struct meddler {
	int fd;
	bool again;
	unsigned backwards; /* number of earlier keys that are deleted as well */
	uint32_t past[4];
	unsigned deleted;
};

static void meddle(void *ctx, int cmd, const void *attr, unsigned size, long result)
{
	struct meddler *m = ctx;
	uint64_t next;
	uint32_t key;
	assert_true(size <= 32);
	if (cmd != BPF_MAP_GET_NEXT_KEY || result)
		return;
	memcpy(&next, (const char *)attr + 16, sizeof next);
	memcpy(&key, (const void *)(uintptr_t)next, sizeof key);
	memmove(m->past + 1, m->past, sizeof m->past - sizeof *m->past);
	m->past[0] = key;
	for (unsigned i = 0; i <= m->backwards; i++) {
		if (m->past[i] % 3 == 0 || map_delete(NULL, m->fd, &m->past[i]))
			continue;
		m->deleted++;
		if (m->again)
			put(m->fd, m->past[i], 1);
	}
}

static void deletion_while_walking(void **state)
{
	(void)state;
	for (unsigned variant = 0; variant < 4; variant++) {
		int fd = make(&hash_map, 0);
		struct arena a = {0};
		for (uint32_t k = 0; k < 1000; k++)
			put(fd, k, k);
		struct meddler m = {
			.fd = fd, .again = variant & 1, .backwards = variant & 2 ? 3 : 0};
		struct sys_watch w = {.fn = meddle, .ctx = &m};
		struct map_entries s = shot(map_snapshot_walk, &w, fd, &hash_map, &a);
		assert_true(m.deleted >= 600);
		assert_false(s.incomplete);
		uint8_t *counts = count_keys(&s, 1000);
		for (uint32_t k = 0; k < 1000; k++)
			if (k % 3 == 0)
				assert_int_equal(counts[k], 1);
			else
				assert_true(counts[k] <= 1);
		free(counts);
		arena_free(&a);
		close(fd);
	}
}

/* Every key is deleted at once: the walk ends all the same. */
static void all_gone(void *ctx, int cmd, const void *attr, unsigned size, long result)
{
	int fd = *(int *)ctx;
	(void)attr;
	(void)size;
	if (cmd != BPF_MAP_GET_NEXT_KEY || result)
		return;
	for (uint32_t k = 0; k < 50; k++)
		map_delete(NULL, fd, &k);
	for (uint32_t k = 0; k < 50; k++)
		put(fd, k, k);
}

static void constant_change_ends(void **state)
{
	(void)state;
	int fd = make(&hash_map, 0);
	struct arena a = {0};
	for (uint32_t k = 0; k < 50; k++)
		put(fd, k, k);
	struct sys_watch w = {.fn = all_gone, .ctx = &fd};
	struct map_entries s = shot(map_snapshot_walk, &w, fd, &hash_map, &a);
	assert_true(s.n <= 50);
	uint8_t *counts = count_keys(&s, 50);
	for (uint32_t k = 0; k < 50; k++)
		assert_true(counts[k] <= 1);
	free(counts);
	arena_free(&a);
	close(fd);
}

/*
 * The worst case: of two keys, the one at which the walk continues is always deleted, and the
 * other, known one exists. The sequence is: second key (just found), second (going back), first,
 * second, first...
 */
struct tease {
	int fd;
	unsigned calls;
	uint32_t keys[2];
};

static void tease(void *ctx, int cmd, const void *attr, unsigned size, long result)
{
	struct tease *t = ctx;
	uint64_t key;
	(void)size;
	t->calls += cmd == BPF_MAP_GET_NEXT_KEY;
	if (cmd == BPF_MAP_LOOKUP_ELEM && t->calls <= 2) {
		memcpy(&key, (const char *)attr + 8, sizeof key);
		memcpy(&t->keys[t->calls - 1], (const void *)(uintptr_t)key, 4);
	}
	bool found = t->calls == 2 && cmd == BPF_MAP_LOOKUP_ELEM;
	if (!found && (t->calls < 3 || result))
		return;
	unsigned asked = found || t->calls % 2;
	put(t->fd, t->keys[!asked], 1);
	map_delete(NULL, t->fd, &t->keys[asked]);
}

static void a_walk_that_gets_nowhere_ends(void **state)
{
	(void)state;
	int fd = make(&hash_map, 0);
	struct arena a = {0};
	put(fd, 5, 5);
	put(fd, 6, 6);
	struct tease t = {.fd = fd};
	struct sys_watch w = {.fn = tease, .ctx = &t};
	struct map_entries s = shot(map_snapshot_walk, &w, fd, &hash_map, &a);
	assert_true(s.incomplete);
	assert_true(t.calls > 100 && t.calls < 10000);
	arena_free(&a);
	close(fd);
}

struct churn {
	int fd;
	atomic_bool stop;
	atomic_uint rounds;
};

static void *churn(void *arg)
{
	struct churn *c = arg;
	for (uint32_t n = 0; !atomic_load(&c->stop); n++) {
		uint32_t key = 1000 + n * 7919 % 2000;
		uint64_t value = n;
		if (n & 1)
			map_update(NULL, c->fd, &key, &value, BPF_ANY);
		else
			map_delete(NULL, c->fd, &key);
		atomic_fetch_add(&c->rounds, 1);
	}
	return NULL;
}

static void another_thread_changes_it(void **state)
{
	(void)state;
	int fd = make(&hash_map, 0);
	for (uint32_t k = 0; k < 1000; k++)
		put(fd, k, k);
	struct churn c = {.fd = fd};
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, churn, &c), 0);
	while (atomic_load(&c.rounds) < 1000)
		usleep(100);
	for (unsigned round = 0; round < 10; round++) {
		struct arena a = {0};
		struct map_entries s = shot(both[round & 1], NULL, fd, &hash_map, &a);
		assert_false(s.incomplete);
		uint8_t *counts = count_keys(&s, 3000);
		for (uint32_t k = 0; k < 3000; k++)
			assert_true(k < 1000 ? counts[k] == 1 : counts[k] <= 1);
		free(counts);
		arena_free(&a);
	}
	atomic_store(&c.stop, true);
	pthread_join(thread, NULL);
	close(fd);
}

static void arrays(void **state)
{
	(void)state;
	struct map_info m = {"slots", BPF_MAP_TYPE_ARRAY, 4, 12, 300, 0};
	int fd = make(&m, 0);
	struct arena a = {0};
	uint32_t value[3] = {7, 8, 9};
	for (uint32_t k = 0; k < 300; k += 299)
		assert_int_equal(map_update(NULL, fd, &k, value, BPF_ANY), 0);
	for (unsigned i = 0; i < 2; i++) {
		struct map_entries s = shot(both[i], NULL, fd, &m, &a);
		assert_int_equal(s.n, 300);
		for (uint32_t k = 0; k < 300; k++) {
			assert_int_equal(key_of(&s, k), k);
			assert_int_equal(map_find(&s, &k), k);
			assert_int_equal(span_u32(map_value(&s, k, 0), 8), k % 299 ? 0 : 9);
		}
	}
	arena_free(&a);
	close(fd);
}

/* Values so large that only one entry fits in a batch, but buckets have more. */
static void large_values(void **state)
{
	(void)state;
	struct map_info m = {"large", BPF_MAP_TYPE_HASH, 4, 40000, 64, 0};
	int fd = make(&m, 0);
	struct arena a = {0};
	uint8_t *value = calloc(1, 40000);
	for (uint32_t k = 0; k < 64; k++) {
		value[39999] = (uint8_t)k;
		assert_int_equal(map_update(NULL, fd, &k, value, BPF_ANY), 0);
	}
	struct count c = {0};
	struct sys_watch w = {.fn = count_calls, .ctx = &c};
	struct map_entries s = shot(map_snapshot, &w, fd, &m, &a);
	assert_int_equal(s.n, 64);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(span_u8(map_value(&s, i, 0), 39999), key_of(&s, i));
	if (c.batches > 1)
		assert_int_equal(c.next, 0);
	free(value);
	arena_free(&a);
	close(fd);
}

/* sysfs of other machines. */
static unsigned cpus_of(const char *list)
{
	char dir[] = "/tmp/cpus-XXXXXX", path[64], file[100];
	assert_non_null(mkdtemp(dir));
	static const char *const parts[] = {"/devices", "/devices/system", "/devices/system/cpu"};
	for (unsigned i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s%s", dir, parts[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	snprintf(file, sizeof file, "%s/possible", path);
	FILE *f = fopen(file, "w");
	assert_non_null(f);
	fputs(list, f);
	fclose(f);
	struct kfs k = {0};
	kfs_use(&k, KFS_SYS, open(dir, O_RDONLY | O_DIRECTORY), "a test");
	unsigned n = cpus_possible(&k);
	kfs_close(&k);
	unlink(file);
	for (unsigned i = 3; i-- > 0;) {
		snprintf(path, sizeof path, "%s%s", dir, parts[i]);
		rmdir(path);
	}
	rmdir(dir);
	return n;
}

static void possible_cpus(void **state)
{
	(void)state;
	unsigned bound = cpus_possible(NULL);
	assert_true(bound >= (unsigned)sysconf(_SC_NPROCESSORS_CONF));
	assert_int_equal(cpus_of("0\n"), 1);
	assert_int_equal(cpus_of("0-1\n"), 2);
	assert_int_equal(cpus_of("0-3,5,8-11\n"), 9);
	static const char *const nonsense[] = {
		"", "\n", "x", "0-", "3-1\n", "0-1x\n", "0,\n", "0-70000\n"};
	for (unsigned i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
		assert_int_equal(cpus_of(nonsense[i]), bound);
}

static void per_cpu(void **state)
{
	(void)state;
	struct kfs k = {0};
	unsigned cpus = cpus_possible(&k), bound = cpus_possible(NULL);
	kfs_close(&k);
	assert_true(cpus >= 1 && bound >= cpus);
	static const uint32_t types[] = {
		BPF_MAP_TYPE_PERCPU_HASH, BPF_MAP_TYPE_PERCPU_ARRAY, BPF_MAP_TYPE_LRU_PERCPU_HASH};
	for (unsigned t = 0; t < 3; t++) {
		struct map_info m = {"percpu", types[t], 4, 12, 3, 0};
		if (types[t] == BPF_MAP_TYPE_LRU_PERCPU_HASH)
			m.max_entries = 256;
		int fd = make(&m, 0);
		size_t stride = map_value_stride(&m);
		assert_int_equal(stride, 16);
		assert_true(map_value_room(&m, 0) >= stride * cpus);
		uint8_t *value = calloc(1, map_value_room(&m, cpus));
		for (uint32_t cpu = 0; cpu < cpus; cpu++)
			bytes_put(value + cpu * stride + 8, 4, host_is_big(), 1000 + cpu);
		for (uint32_t key = 0; key < 3; key++)
			assert_int_equal(map_update(NULL, fd, &key, value, BPF_ANY), 0);
		free(value);
		/* Whatever number of CPUs is assumed, the kernel never writes out of bounds. */
		unsigned said[] = {cpus, bound, 0};
		for (unsigned i = 0; i < 3; i++) {
			struct arena a = {0};
			struct err e = {0};
			struct map_entries s;
			assert_true(map_snapshot(NULL, fd, &m, said[i], &a, &s, &e));
			assert_int_equal(s.n, 3);
			assert_int_equal(s.cpus, said[i] ? said[i] : 1);
			uint64_t sum = 0;
			for (unsigned cpu = 0; cpu < s.cpus; cpu++)
				sum += span_u32(map_value(&s, 1, cpu), 8);
			assert_int_equal(sum, said[i] ? 1000 * cpus + cpus * (cpus - 1) / 2 : 1000);
			arena_free(&a);
		}
		close(fd);
	}
}

static void queue_and_stack(void **state)
{
	(void)state;
	for (uint32_t type = BPF_MAP_TYPE_QUEUE; type <= BPF_MAP_TYPE_STACK; type++) {
		struct map_info m = {"line", type, 0, 4, 10, 0};
		int fd = make(&m, 0);
		struct arena a = {0};
		struct map_entries s = shot(map_snapshot, NULL, fd, &m, &a);
		assert_int_equal(s.n, 0);
		for (uint32_t v = 1; v <= 3; v++)
			assert_int_equal(map_update(NULL, fd, NULL, &v, BPF_ANY), 0);
		for (unsigned i = 0; i < 2; i++) { /* peeking does not pop */
			s = shot(map_snapshot, NULL, fd, &m, &a);
			assert_int_equal(s.n, 1);
			assert_int_equal(span_u32(map_value(&s, 0, 0), 0),
				type == BPF_MAP_TYPE_QUEUE ? 1 : 3);
		}
		uint32_t v;
		assert_int_equal(map_take(NULL, fd, NULL, &v, 0), 0);
		assert_int_equal(v, type == BPF_MAP_TYPE_QUEUE ? 1 : 3);
		arena_free(&a);
		close(fd);
	}
}

static int smallest_program(void)
{
	uint8_t insns[16] = {BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0, 0, 0, 0, BPF_JMP | BPF_EXIT};
	struct {
		uint32_t type, count;
		uint64_t insns, license;
	} attr = {BPF_PROG_TYPE_SOCKET_FILTER, 2, sys_ptr(insns), sys_ptr("GPL")};
	return (int)sys_bpf(NULL, BPF_PROG_LOAD, &attr, sizeof attr);
}

static void slots_of_programs(void **state)
{
	(void)state;
	struct map_info m = {"jumps", BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 10, 0};
	int fd = make(&m, 0), prog = smallest_program();
	assert_true(prog >= 0);
	struct arena a = {0};
	uint32_t slot = 6; /* odd slots are not visible on a 32-bit kernel */
	assert_int_equal(map_update(NULL, fd, &slot, &prog, BPF_ANY), 0);
	struct map_entries s = shot(map_snapshot, NULL, fd, &m, &a);
	assert_int_equal(s.n, 1);
	assert_int_equal(key_of(&s, 0), 6);
	assert_int_equal(map_find(&s, &slot), 0);
	uint32_t id = span_u32(map_value(&s, 0, 0), 0);
	struct {
		uint32_t id, next, flags;
	} by_id = {id, 0, 0};
	long again = sys_bpf(NULL, BPF_PROG_GET_FD_BY_ID, &by_id, sizeof by_id);
	assert_true(again >= 0 || again == -EPERM);
	if (again >= 0)
		close((int)again);
	close(prog);
	arena_free(&a);
	close(fd);
}

static void maps_in_maps(void **state)
{
	(void)state;
	int inner = make(&hash_map, 0);
	struct map_info m = {"outer", BPF_MAP_TYPE_HASH_OF_MAPS, 4, 4, 10, 0};
	int fd = make(&m, inner);
	struct arena a = {0};
	uint32_t key = 0;
	assert_int_equal(map_update(NULL, fd, &key, &inner, BPF_ANY), 0);
	for (unsigned i = 0; i < 2; i++) {
		struct map_entries s = shot(both[i], NULL, fd, &m, &a);
		assert_int_equal(s.n, 1);
		struct {
			uint32_t id, next, flags;
		} by_id = {span_u32(map_value(&s, 0, 0), 0), 0, 0};
		long again = sys_bpf(NULL, BPF_MAP_GET_FD_BY_ID, &by_id, sizeof by_id);
		assert_true(again >= 0 || again == -EPERM);
		if (again >= 0)
			close((int)again);
	}
	arena_free(&a);
	close(fd);
	close(inner);
}

static void other_types(void **state)
{
	(void)state;
	struct arena a = {0};
	struct map_info lru = {"recent", BPF_MAP_TYPE_LRU_HASH, 4, 8, 1024, 0};
	int fd = make(&lru, 0);
	for (uint32_t k = 0; k < 100; k++)
		put(fd, k, k);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(shot(both[i], NULL, fd, &lru, &a).n, 100);
	close(fd);
	struct map_info trie = {"prefixes", BPF_MAP_TYPE_LPM_TRIE, 8, 4, 100, BPF_F_NO_PREALLOC};
	fd = make(&trie, 0);
	for (uint32_t i = 0; i < 33; i++) {
		uint32_t key[2] = {i, 0}, value = i;
		assert_int_equal(map_update(NULL, fd, key, &value, BPF_ANY), 0);
	}
	for (unsigned i = 0; i < 2; i++) {
		struct map_entries s = shot(both[i], NULL, fd, &trie, &a);
		assert_int_equal(s.n, 33);
		for (size_t k = 0; k < 33; k++)
			assert_int_equal(key_of(&s, k), span_u32(map_value(&s, k, 0), 0));
	}
	close(fd);
	arena_free(&a);
}

static void what_cannot_be_listed(void **state)
{
	(void)state;
	struct arena a = {0};
	struct map_entries s;
	struct err e = {0};
	struct map_info ring = {"events", BPF_MAP_TYPE_RINGBUF, 0, 0, 4096, 0};
	assert_false(map_snapshot(NULL, -1, &ring, 1, &a, &s, &e));
	assert_string_equal(
		e.text, "map 'events': maps of this type have no entries that can be listed");
	e = (struct err){0};
	assert_false(map_snapshot(NULL, -1, &hash_map, 1, &a, &s, &e));
	assert_int_equal(e.no, EBADF);
	assert_non_null(strstr(e.text, "map 'numbers': list its keys: EBADF"));
	struct map_info odd = {"odd", BPF_MAP_TYPE_ARRAY, 8, 4, 1, 0};
	e = (struct err){0};
	assert_false(map_snapshot(NULL, -1, &odd, 1, &a, &s, &e));
	struct map_info secret = hash_map;
	secret.flags = BPF_F_WRONLY;
	int fd = make(&secret, 0);
	put(fd, 1, 1);
	e = (struct err){0};
	assert_false(map_snapshot(NULL, fd, &secret, 1, &a, &s, &e));
	assert_int_equal(e.no, EPERM);
	assert_non_null(strstr(e.hint, "BPF_F_WRONLY"));
	close(fd);
	/* Sockets cannot be read: only keys are shown, and the output says so. */
	struct map_info sockets = {"socks", BPF_MAP_TYPE_SOCKHASH, 4, 4, 8, 0};
	fd = make(&sockets, 0);
	assert_int_equal(shot(map_snapshot, NULL, fd, &sockets, &a).n, 0);
	close(fd);
	arena_free(&a);
}

static void keep_size(void *ctx, int cmd, const void *attr, unsigned size, long result)
{
	(void)cmd;
	(void)attr;
	(void)result;
	*(unsigned *)ctx = size;
}

/* An old kernel is passed no field that it may not know. */
static void attr_ends_with_last_field(void **state)
{
	(void)state;
	unsigned size = 0;
	struct sys_watch w = {.fn = keep_size, .ctx = &size};
	uint64_t v = 0;
	map_lookup(&w, -1, &v, &v, 0);
	assert_int_equal(size, 24);
	map_lookup(&w, -1, &v, &v, BPF_F_LOCK);
	assert_int_equal(size, 32);
	map_update(&w, -1, &v, &v, BPF_ANY);
	assert_int_equal(size, 24);
	map_delete(&w, -1, &v);
	assert_int_equal(size, 16);
	map_next_key(&w, -1, NULL, &v);
	assert_int_equal(size, 24);
}

static void single_elements(void **state)
{
	(void)state;
	struct map_info m = {"few", BPF_MAP_TYPE_HASH, 4, 8, 2, 0};
	int fd = make(&m, 0);
	uint32_t key = 1, other = 2, third = 3, next;
	uint64_t value = 10, read = 0;
	assert_int_equal(map_lookup(NULL, fd, &key, &read, 0), -ENOENT);
	assert_int_equal(map_update(NULL, fd, &key, &value, BPF_EXIST), -ENOENT);
	assert_int_equal(map_update(NULL, fd, &key, &value, BPF_NOEXIST), 0);
	assert_int_equal(map_update(NULL, fd, &key, &value, BPF_NOEXIST), -EEXIST);
	value = 11;
	assert_int_equal(map_update(NULL, fd, &key, &value, BPF_EXIST), 0);
	assert_int_equal(map_lookup(NULL, fd, &key, &read, 0), 0);
	assert_int_equal(read, 11);
	assert_int_equal(map_update(NULL, fd, &other, &value, BPF_ANY), 0);
	assert_int_equal(map_update(NULL, fd, &third, &value, BPF_ANY), -E2BIG);
	assert_int_equal(map_delete(NULL, fd, &other), 0);
	assert_int_equal(map_delete(NULL, fd, &other), -ENOENT);
	assert_int_equal(map_next_key(NULL, fd, NULL, &next), 0);
	assert_int_equal(next, 1);
	assert_int_equal(map_next_key(NULL, fd, &next, &next), -ENOENT);
	close(fd);
}

int main(void)
{
	/* Kernels before 5.11 charge maps to RLIMIT_MEMLOCK. */
	struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	setrlimit(RLIMIT_MEMLOCK, &all);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),
		cmocka_unit_test(key_zero_is_there),
		cmocka_unit_test(thousand_entries_once),
		cmocka_unit_test(calls_are_few),
		cmocka_unit_test(deletion_while_walking),
		cmocka_unit_test(constant_change_ends),
		cmocka_unit_test(a_walk_that_gets_nowhere_ends),
		cmocka_unit_test(another_thread_changes_it),
		cmocka_unit_test(arrays),
		cmocka_unit_test(large_values),
		cmocka_unit_test(possible_cpus),
		cmocka_unit_test(per_cpu),
		cmocka_unit_test(queue_and_stack),
		cmocka_unit_test(slots_of_programs),
		cmocka_unit_test(maps_in_maps),
		cmocka_unit_test(other_types),
		cmocka_unit_test(what_cannot_be_listed),
		cmocka_unit_test(attr_ends_with_last_field),
		cmocka_unit_test(single_elements),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

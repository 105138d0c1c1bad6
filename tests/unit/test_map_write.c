/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Writing elements of maps in the kernel. The kernel is simulated (--wrap, tests/unit/Makefile) and
 * has one element, which it returns and overwrites.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/kernel/map_write.h"
#include "loader/plan/abi.h"
#include "btf_build.h"

/* ---- the kernel ---- */

enum { ELEMENT = 1 << 16 };
static uint8_t element[ELEMENT], key_seen[16];
static size_t element_size, key_size;
static bool there;
static long answer; /* result of the update */
static unsigned updates;
static int opened_by, opened_fd; /* by which command, and the result */

long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size);
long __wrap_sys_open_id(const struct sys_watch *w, int cmd, uint32_t id);
long __wrap_sys_open_pin(const struct sys_watch *w, const char *path);

static long opens(int cmd, bool exists)
{
	opened_by = cmd;
	opened_fd = exists ? open("/dev/null", O_RDONLY) : -ENOENT;
	return opened_fd;
}

long __wrap_sys_open_id(const struct sys_watch *w, int cmd, uint32_t id)
{
	(void)w;
	return opens(cmd, id == 17);
}

long __wrap_sys_open_pin(const struct sys_watch *w, const char *path)
{
	(void)w;
	return opens(BPF_OBJ_GET, !strcmp(path, "/pin"));
}

long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
{
	(void)w;
	struct abi_field key, value;
	assert_true(abi_field_by_name((unsigned)cmd, "key", &key));
	assert_true(abi_field_by_name((unsigned)cmd, "value", &value));
	const void *k = (const void *)(uintptr_t)abi_get(&key, attr, size);
	void *v = (void *)(uintptr_t)abi_get(&value, attr, size);
	if (k)
		memcpy(key_seen, k, key_size);
	if (cmd == BPF_MAP_LOOKUP_ELEM) {
		if (there)
			memcpy(v, element, element_size);
		return there ? 0 : -ENOENT;
	}
	assert_int_equal(cmd, BPF_MAP_UPDATE_ELEM);
	updates++;
	if (!answer)
		memcpy(element, v, element_size);
	return answer;
}

/* ---- maps ---- */

struct made {
	struct bb b;
	struct live_map m;
	int cpu;
	struct arena a;
	struct err e;
};

/* The map of u32 keys and pairs of u32, with or without types. */
static void begin(struct made *t, uint32_t type, bool types)
{
	*t = (struct made){.cpu = MAP_ALL_CPUS};
	bb_init(&t->b, host_is_big());
	uint32_t word = bb_int(&t->b, "unsigned int", 4, 0);
	uint32_t pair = bb_struct(&t->b, "pair", 12);
	bb_member(&t->b, "a", word, 0);
	bb_member(&t->b, "b", word, 32);
	bb_member(&t->b, "c", word, 64);
	t->m = (struct live_map){.fd = 3,
		.name = "m",
		.info = {.name = "m",
			.type = type,
			.key_size = type == BPF_MAP_TYPE_QUEUE ? 0 : 4,
			.value_size = 12,
			.max_entries = 10},
		.has_types = types,
		.key_type = types ? word : 0,
		.value_type = types ? pair : 0};
	bb_open(&t->b, NULL, &t->m.btf);
	memset(element, 0x11, sizeof element);
	memset(key_seen, 0, sizeof key_seen);
	key_size = t->m.info.key_size;
	element_size = map_value_room(&t->m.info, 3);
	assert_true(element_size <= sizeof element);
	there = false;
	answer = 0;
	updates = 0;
}

static bool set(struct made *t, const char *key, const char *value)
{
	t->e = (struct err){0};
	const struct map_writer w = {.map = &t->m, .cpus = 3, .cpu = t->cpu, .arena = &t->a};
	bool ok = map_write_element(&w, key, value, &t->e);
	assert_int_equal(ok, !t->e.set);
	return ok;
}

static void end(struct made *t)
{
	arena_free(&t->a);
	bb_free(&t->b);
}

static uint32_t word_at(size_t offset)
{
	return (uint32_t)bytes_get(element + offset, 4, host_is_big());
}

static void a_new_element(void **state)
{
	(void)state;
	struct made t;
	begin(&t, BPF_MAP_TYPE_HASH, true);
	assert_true(set(&t, "0x12345678", "b=7"));
	assert_int_equal(bytes_get(key_seen, 4, host_is_big()), 0x12345678);
	assert_int_equal(updates, 1);
	assert_int_equal(word_at(0), 0);
	assert_int_equal(word_at(4), 7);
	assert_int_equal(word_at(8), 0);
	end(&t);
}

static void an_element_keeps_its_other_members(void **state)
{
	(void)state;
	struct made t;
	begin(&t, BPF_MAP_TYPE_HASH, true);
	there = true;
	assert_true(set(&t, "1", "b=7"));
	assert_int_equal(word_at(0), 0x11111111);
	assert_int_equal(word_at(4), 7);
	assert_int_equal(word_at(8), 0x11111111);
	end(&t);
}

/* The kernel rounds the 12 bytes up to 16; every CPU gets the value. */
static void every_cpu_gets_the_value(void **state)
{
	(void)state;
	static const uint32_t types[] = {
		BPF_MAP_TYPE_PERCPU_HASH, BPF_MAP_TYPE_PERCPU_ARRAY, BPF_MAP_TYPE_LRU_PERCPU_HASH};
	for (unsigned i = 0; i < sizeof types / sizeof *types; i++) {
		struct made t;
		begin(&t, types[i], true);
		assert_true(set(&t, "1", "a=5,b=6,c=7"));
		for (size_t cpu = 0; cpu < 3; cpu++) {
			assert_int_equal(word_at(cpu * 16), 5);
			assert_int_equal(word_at(cpu * 16 + 4), 6);
			assert_int_equal(word_at(cpu * 16 + 8), 7);
		}
		assert_int_equal(updates, 1);
		end(&t);
	}
}

/* What is not named is that of each CPU. */
static void each_cpu_keeps_its_other_members(void **state)
{
	(void)state;
	struct made t;
	begin(&t, BPF_MAP_TYPE_PERCPU_HASH, true);
	there = true;
	for (unsigned cpu = 0; cpu < 3; cpu++)
		for (unsigned i = 0; i < 3; i++)
			bytes_put(element + cpu * 16 + i * 4, 4, host_is_big(), cpu * 10 + i);
	assert_true(set(&t, "1", "b=7"));
	for (unsigned cpu = 0; cpu < 3; cpu++) {
		assert_int_equal(word_at(cpu * 16), cpu * 10);
		assert_int_equal(word_at(cpu * 16 + 4), 7);
		assert_int_equal(word_at(cpu * 16 + 8), cpu * 10 + 2);
	}
	t.cpu = 2;
	assert_true(set(&t, "1", "c=9"));
	assert_int_equal(word_at(8), 2);
	assert_int_equal(word_at(24), 12);
	assert_int_equal(word_at(40), 9);
	t.cpu = 3;
	assert_false(set(&t, "1", "c=9"));
	assert_non_null(strstr(t.e.text, "there is no CPU 3 (0 to 2)"));
	end(&t);
	begin(&t, BPF_MAP_TYPE_HASH, true);
	t.cpu = 0;
	assert_false(set(&t, "1", "a=1"));
	assert_non_null(strstr(t.e.text, "has one value for all CPUs"));
	end(&t);
}

/* Whatever the type of the key. */
static void prefixes(void **state)
{
	(void)state;
	struct made t;
	for (int types = 0; types < 2; types++) {
		begin(&t, BPF_MAP_TYPE_LPM_TRIE, types);
		t.m.info.key_size = key_size = 8;
		assert_true(set(&t, "10.1.0.0/16", types ? "a=1" : "000102030405060708090a0b"));
		assert_int_equal(bytes_get(key_seen, 4, host_is_big()), 16);
		assert_memory_equal(key_seen + 4, "\x0a\1\0\0", 4);
		assert_false(set(&t, "10.1.0.0/33", "a=1"));
		end(&t);
	}
}

/* Maps of programs and maps are written with file descriptors of what is named. */
static void references(void **state)
{
	(void)state;
	static const struct {
		uint32_t type;
		const char *value;
		int cmd;
		const char *error, *hint;
	} cases[] = {{BPF_MAP_TYPE_PROG_ARRAY, "17", BPF_PROG_GET_FD_BY_ID, NULL, ""},
		{BPF_MAP_TYPE_PROG_ARRAY, "/pin", BPF_OBJ_GET, NULL, ""},
		{BPF_MAP_TYPE_PROG_ARRAY, "18", BPF_PROG_GET_FD_BY_ID,
			"there is no program with the id 18", ""},
		{BPF_MAP_TYPE_PROG_ARRAY, "/none", BPF_OBJ_GET, "there is no pin /none", ""},
		{BPF_MAP_TYPE_PROG_ARRAY, "name", 0, "the value is a program, not 'name'",
			"by its id or its pinned path"},
		{BPF_MAP_TYPE_PROG_ARRAY, "-1", 0, "the value is a program, not '-1'", ""},
		{BPF_MAP_TYPE_HASH_OF_MAPS, "18", BPF_MAP_GET_FD_BY_ID,
			"there is no map with the id 18", ""},
		{BPF_MAP_TYPE_ARRAY_OF_MAPS, "/none", BPF_OBJ_GET, "there is no pin /none", ""}};
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made t;
		begin(&t, cases[i].type, true);
		t.m.info.value_size = element_size = 4;
		opened_by = 0;
		bool ok = set(&t, "1", cases[i].value);
		assert_int_equal(opened_by, cases[i].cmd);
		assert_int_equal(ok, !cases[i].error);
		assert_int_equal(updates, ok);
		if (ok)
			assert_int_equal(word_at(0), opened_fd);
		else if (!strstr(t.e.text, cases[i].error) || !strstr(t.e.hint, cases[i].hint))
			fail_msg("%s: %s", t.e.text, t.e.hint);
		end(&t);
	}
}

static void without_types_or_keys(void **state)
{
	(void)state;
	struct made t;
	begin(&t, BPF_MAP_TYPE_HASH, false);
	assert_true(set(&t, "1", "000102030405060708090a0b"));
	assert_memory_equal(element, "\0\1\2\3\4\5\6\7\10\11\12\13", 12);
	end(&t);
	begin(&t, BPF_MAP_TYPE_QUEUE, true);
	there = true; /* not queried */
	assert_true(set(&t, NULL, "a=1"));
	assert_int_equal(word_at(0), 1);
	assert_int_equal(word_at(4), 0);
	end(&t);
}

static void what_goes_wrong(void **state)
{
	(void)state;
	static const struct {
		int no;
		const char *hint;
	} cases[] = {{EPERM, "frozen or read-only"}, {E2BIG, "full"}, {ENOENT, "no such key"},
		{ENOMEM, ""}};
	struct made t;
	begin(&t, BPF_MAP_TYPE_HASH, true);
	assert_false(set(&t, "x", "a=1"));
	assert_non_null(strstr(t.e.text, "map 'm': the key expects a number, got 'x'"));
	assert_false(set(&t, "1", "d=1"));
	assert_non_null(strstr(t.e.text, "map 'm': the value: struct pair has no member 'd'"));
	assert_int_equal(updates, 0);
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		answer = -cases[i].no;
		assert_false(set(&t, "1", "a=1"));
		assert_int_equal(t.e.no, cases[i].no);
		assert_non_null(strstr(t.e.text, "map 'm'"));
		assert_non_null(strstr(t.e.hint, cases[i].hint));
	}
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_element),
		cmocka_unit_test(an_element_keeps_its_other_members),
		cmocka_unit_test(every_cpu_gets_the_value),
		cmocka_unit_test(each_cpu_keeps_its_other_members),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(references),
		cmocka_unit_test(without_types_or_keys),
		cmocka_unit_test(what_goes_wrong),
	};
	return cmocka_run_group_tests_name("map_write", tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Maps that are larger than what is kept of them, on the running kernel, with maps of their own. Skipped
 * if bpf(2) is not permitted.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/plan/abi.h"
#include "loader/show/map_view.h"

enum { MANY = 60000, CHUNK = 64, OWN_MEMORY = 1 << 19 };

static const struct map_info hash_map = {"big", BPF_MAP_TYPE_HASH, 4, 8, MANY, 0};
static const struct map_info array_map = {"slots", BPF_MAP_TYPE_ARRAY, 4, 8, MANY, 0};

static uint64_t value_of(uint32_t key)
{
	return key * UINT64_C(7) % 1000003;
}

/* A map with `fill` entries from key 1 on, or the test is skipped. */
static struct map_handle make(const struct map_info *m, uint32_t fill)
{
	struct {
		uint32_t type, key_size, value_size, max_entries, flags;
	} create = {m->type, m->key_size, m->value_size, m->max_entries, m->flags};
	long fd = sys_bpf(NULL, BPF_MAP_CREATE, &create, sizeof create);
	if (fd == -EPERM || fd == -ENOSYS) {
		print_message("# SKIP bpf(BPF_MAP_CREATE) is not permitted here\n");
		skip();
	}
	assert_true(fd >= 0);
	for (uint32_t key = 1; key <= fill; key++) {
		uint64_t value = value_of(key);
		assert_int_equal(map_update(NULL, (int)fd, &key, &value, BPF_ANY), 0);
	}
	return (struct map_handle){NULL, (int)fd, 1};
}

struct tally {
	uint8_t seen[MANY + 1];
	size_t n, parts, most, stop;
};

static bool count(void *ctx, struct map_entries *s, bool last, struct err *e)
{
	struct tally *t = ctx;
	for (size_t i = 0; i < s->n; i++) {
		uint32_t key = span_u32(map_key(s, i), 0);
		assert_int_equal(span_u64(map_value(s, i, 0), 0), value_of(key));
		t->seen[key]++;
	}
	t->n += s->n;
	t->parts++;
	t->most = s->n > t->most ? s->n : t->most;
	s->n = 0;
	return !t->stop || last || err_set(e, "enough");
}

static void parts_are_complete(void **state)
{
	(void)state;
	struct map_handle m = make(&hash_map, MANY);
	struct tally *t = calloc(1, sizeof *t);
	struct arena a = {0};
	struct err e = {0};
	assert_true(map_read(NULL, m.fd, &hash_map, 1, MAP_PART, count, t, &a, &e));
	assert_int_equal(t->n, MANY);
	for (uint32_t key = 1; key <= MANY; key++)
		assert_int_equal(t->seen[key], 1);
	if (t->parts > 1) /* Linux 5.6 */
		assert_true(t->most < MANY / 2 && a.used < OWN_MEMORY);
	t->parts = 0;
	t->stop = 1;
	assert_false(map_read(NULL, m.fd, &hash_map, 1, MAP_PART, count, t, &a, &e));
	assert_string_equal(e.text, "enough");
	assert_int_equal(t->parts, 1);
	arena_free(&a);
	free(t);
	close(m.fd);
}

static char *dumped(const struct map_info *info, const struct map_handle *m, bool json)
{
	const struct map_view v = {.info = info};
	struct arena a = {0};
	struct err e = {0};
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	assert_true(map_dump(out, &v, m, json, &a, &e));
	fclose(out);
	arena_free(&a);
	return text;
}

/* Checks that each line from first on has a key of its own and its value, until a line that does not. */
static const char *check_lines(const char *text, const char *format, size_t *n)
{
	uint8_t *seen = calloc(MANY + 1, 1);
	unsigned key;
	unsigned long value;
	for (*n = 0; sscanf(text, format, &key, &value) == 2; ++*n) {
		assert_true(key <= MANY && !seen[key]++);
		assert_int_equal(value, value_of(key));
		text = strchr(text, '\n') + 1;
	}
	free(seen);
	return text;
}

static void dump_of_a_large_map(void **state)
{
	(void)state;
	struct map_handle m = make(&hash_map, MANY);
	size_t n;
	char *text = dumped(&hash_map, &m, false);
	const char *rows = strchr(text, '\n') + 1;
	bool parts = !strncmp(text, "big: in the order of the kernel\n", 32);
	if (!parts) /* Linux 5.6 */
		assert_memory_equal(text, "big: 60000 entries\n", 19);
	const char *rest = check_lines(strchr(rows, '\n') + 1, "%u %lu", &n);
	assert_int_equal(n, MANY);
	assert_string_equal(rest, parts ? "60000 entries\n" : "");
	free(text);
	text = dumped(&hash_map, &m, true);
	assert_string_equal(
		check_lines(text, "{\"map\":\"big\",\"key\":%u,\"value\":%lu}", &n), "");
	assert_int_equal(n, MANY);
	free(text);
	close(m.fd);
}

static void dump_of_a_large_array(void **state)
{
	(void)state;
	struct map_handle m = make(&array_map, 20000);
	size_t n;
	char *text = dumped(&array_map, &m, false);
	const char *rest = check_lines(strchr(strchr(text, '\n') + 1, '\n') + 1, "%u %lu", &n);
	assert_int_equal(n, 20000);
	assert_string_equal(rest, "60000 slots, of which 20000 are not zero\n");
	free(text);
	close(m.fd);
}

/* The table of a large map is that of all its entries. */
static void table_of_a_large_map(void **state)
{
	(void)state;
	static const struct {
		const struct map_info *info;
		uint32_t fill;
	} maps[] = {{&hash_map, MANY}, {&array_map, 20000}};
	for (size_t i = 0; i < 2; i++) {
		struct map_handle m = make(maps[i].info, maps[i].fill);
		const struct map_view v = {.info = maps[i].info, .rows = 5};
		struct map_entries all, top;
		struct arena a = {0}, small = {0};
		struct err e = {0};
		char *text[2];
		assert_true(map_snapshot(NULL, m.fd, v.info, 1, &a, &all, &e));
		assert_true(map_top(&v, &m, &top, &small, &e));
		assert_true(top.n + top.omitted == MANY);
		if (top.omitted) /* Linux 5.6 */
			assert_true(small.used < OWN_MEMORY);
		for (int k = 0; k < 2; k++) {
			size_t n;
			FILE *out = open_memstream(&text[k], &n);
			assert_true(map_view_text(out, &v, k ? &top : &all, NULL, 0, &a, &e));
			fclose(out);
		}
		assert_string_equal(text[1], text[0]);
		free(text[0]);
		free(text[1]);
		arena_free(&a);
		arena_free(&small);
		close(m.fd);
	}
}

/* What has risen into the table from below the entries that were kept has no rate; a new one has. */
static void rates_of_a_large_map(void **state)
{
	(void)state;
	struct map_handle m = make(&hash_map, MANY - 1);
	const struct map_view v = {.info = &hash_map, .rows = 3};
	struct map_entries then, now;
	struct arena a = {0};
	struct err e = {0};
	char *text;
	size_t n;
	assert_true(map_top(&v, &m, &then, &a, &e));
	uint32_t top = span_u32(map_key(&then, 0), 0), low = 1;
	uint64_t most = span_u64(map_value(&then, 0, 0), 0), values[] = {most + 90, most + 10};
	map_update(NULL, m.fd, &top, &values[0], BPF_ANY);
	map_update(NULL, m.fd, &low, &values[1], BPF_ANY);
	assert_true(map_top(&v, &m, &now, &a, &e) && map_index(&then, &a));
	FILE *out = open_memstream(&text, &n);
	assert_true(map_view_text(out, &v, &now, &then, 1000000000, &a, &e));
	fclose(out);
	char expected[2][80];
	snprintf(
		expected[0], sizeof expected[0], "%u  %lu  +90/s\n", top, (unsigned long)values[0]);
	snprintf(expected[1], sizeof expected[1], "    1  %lu%s\n", (unsigned long)values[1],
		then.omitted ? "" : "  +419956/s");
	if (!strstr(text, expected[0]) || !strstr(text, expected[1]))
		fail_msg("%s%s not in\n%s", expected[0], expected[1], text);
	free(text);
	arena_free(&a);
	close(m.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_complete),
		cmocka_unit_test(dump_of_a_large_map),
		cmocka_unit_test(dump_of_a_large_array),
		cmocka_unit_test(table_of_a_large_map),
		cmocka_unit_test(rates_of_a_large_map),
	};
	return cmocka_run_group_tests_name("maps in parts", tests, NULL, NULL);
}

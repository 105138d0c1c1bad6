/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arenas, also without memory: malloc() and calloc() are replaced and can be made to fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static size_t fail_above = SIZE_MAX;
static unsigned calls;

static void *failing_calloc(size_t n, size_t size)
{
	calls++;
	return n * size > fail_above ? NULL : calloc(n, size);
}

static void *failing_malloc(size_t size)
{
	calls++;
	return size > fail_above ? NULL : malloc(size);
}

#define malloc failing_malloc
#define calloc failing_calloc
#include "elf/base/arena.c"
#undef calloc
#undef malloc

static int reset(void **state)
{
	(void)state;
	fail_above = SIZE_MAX;
	calls = 0;
	return 0;
}

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	struct arena a = {0};
	unsigned char *p[3000];
	size_t size[3000];
	for (unsigned i = 0; i < 3000; i++) {
		size[i] = i * 7 % 61 + (i % 500 == 0 ? 9000 : 0);
		p[i] = arena_alloc(&a, size[i]);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % 16, 0);
		for (size_t k = 0; k < size[i]; k++)
			assert_int_equal(p[i][k], 0);
		memset(p[i], (int)(i & 0xff) | 1, size[i]);
	}
	for (unsigned i = 0; i < 3000; i++)
		for (size_t k = 0; k < size[i]; k++)
			assert_int_equal(p[i][k], (i & 0xff) | 1);
	assert_true(a.used >= 3000 * 30);
	assert_false(a.full);
	arena_free(&a);
}

/* Small allocations share a chunk; a large one does not retire the current chunk. */
static void chunks_are_shared(void **state)
{
	(void)state;
	struct arena a = {0};
	for (unsigned i = 0; i < 100; i++)
		assert_non_null(arena_alloc(&a, 16));
	assert_int_equal(calls, 1);
	assert_non_null(arena_alloc(&a, 1 << 20));
	assert_int_equal(calls, 2);
	for (unsigned i = 0; i < 100; i++)
		assert_non_null(arena_alloc(&a, 16));
	assert_int_equal(calls, 2);
	arena_free(&a);
}

static void nothing_is_a_valid_size(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_non_null(arena_alloc(&a, 0));
	assert_non_null(arena_array(&a, 0, 8));
	assert_non_null(arena_array(&a, SIZE_MAX, 0));
	assert_non_null(arena_copy(&a, NULL, 0));
	assert_false(a.full);
	arena_free(&a);
}

static void strings(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_string_equal(arena_strdup(&a, "counts"), "counts");
	assert_string_equal(arena_strdup(&a, ""), "");
	assert_string_equal(arena_strndup(&a, "counts", 3), "cou");
	assert_string_equal(arena_strndup(&a, "counts", 100), "counts");
	static const char bare[3] = {'a', 'b', 'c'}; /* no terminator in reach */
	assert_string_equal(arena_strndup(&a, bare, 3), "abc");
	assert_string_equal(arena_printf(&a, "%s:%d", "x", 42), "x:42");
	assert_int_equal(strlen(arena_printf(&a, "%0*d", 10000, 1)), 10000);
	assert_memory_equal(arena_copy(&a, "\0\1\2", 3), "\0\1\2", 3);
	arena_free(&a);
}

static void arrays_grow(void **state)
{
	(void)state;
	struct arena a = {0};
	uint32_t *items = NULL;
	size_t cap = 0;
	for (uint32_t n = 0; n < 1000; n++) {
		uint32_t *more = arena_grow(&a, items, n, &cap, sizeof *items);
		assert_non_null(more);
		assert_true(cap > n);
		items = more;
		items[n] = n * 3;
	}
	for (uint32_t n = 0; n < 1000; n++)
		assert_int_equal(items[n], n * 3);
	assert_true(a.used < 3 * 1024 * sizeof *items);
	/* Growing within existing room allocates nothing. */
	size_t used = a.used;
	assert_ptr_equal(arena_grow(&a, items, 1000, &cap, sizeof *items), items);
	assert_int_equal(a.used, used);
	arena_free(&a);
}

static void impossible_sizes_fail(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_null(arena_array(&a, SIZE_MAX / 2, 3));
	assert_true(a.full);
	a.full = false;
	assert_null(arena_array(&a, SIZE_MAX, SIZE_MAX));
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_alloc(&a, SIZE_MAX - 15));
	assert_null(arena_alloc(&a, SIZE_MAX / 2 + 1));
	assert_true(a.full);
	assert_int_equal(calls, 0);
	assert_int_equal(a.used, 0);
	arena_free(&a);
	assert_false(a.full);
}

static void short_memory_is_sticky(void **state)
{
	(void)state;
	struct arena a = {0};
	int old[4] = {1, 2, 3, 4};
	size_t cap = 4;
	char *before = arena_strdup(&a, "before");
	fail_above = 0;
	assert_null(arena_alloc(&a, 100000));
	assert_true(a.full);
	assert_null(arena_grow(&a, old, 4, &cap, 100000));
	assert_int_equal(cap, 4);
	assert_null(arena_array(&a, 1000, 1000));
	assert_null(arena_copy(&a, "x", 1 << 20));
	/* Allocations that fit in the chunk still succeed, but the arena stays marked. */
	fail_above = SIZE_MAX;
	assert_non_null(arena_alloc(&a, 100000));
	assert_true(a.full);
	assert_string_equal(before, "before");

	struct arena b = {0};
	fail_above = 0;
	assert_null(arena_strdup(&b, "x"));
	assert_null(arena_strndup(&b, "x", 1));
	assert_null(arena_printf(&b, "x"));
	assert_true(b.full);
	fail_above = SIZE_MAX;
	arena_free(&a);
	arena_free(&b);
}

static void freed_arenas_work_again(void **state)
{
	(void)state;
	struct arena a = {0};
	arena_free(&a);
	for (unsigned round = 0; round < 3; round++) {
		char *s = arena_strdup(&a, "again");
		assert_string_equal(s, "again");
		arena_free(&a);
		assert_null(a.chunk);
		assert_int_equal(a.used, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(pieces_are_zeroed_aligned_and_apart, reset),
		cmocka_unit_test_setup(chunks_are_shared, reset),
		cmocka_unit_test_setup(nothing_is_a_valid_size, reset),
		cmocka_unit_test_setup(strings, reset),
		cmocka_unit_test_setup(arrays_grow, reset),
		cmocka_unit_test_setup(impossible_sizes_fail, reset),
		cmocka_unit_test_setup(short_memory_is_sticky, reset),
		cmocka_unit_test_setup(freed_arenas_work_again, reset),
	};
	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Spans: every access at every boundary, at unaligned addresses, in both byte orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "elf/base/span.h"

static const uint8_t bytes[] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99};
static const struct span little = {bytes, sizeof bytes, false}, big = {bytes, sizeof bytes, true};

static void borders(void **state)
{
	(void)state;
	assert_true(span_has(little, 0, 0));
	assert_true(span_has(little, 0, 9));
	assert_false(span_has(little, 0, 10));
	assert_true(span_has(little, 8, 1));
	assert_false(span_has(little, 8, 2));
	assert_true(span_has(little, 9, 0));
	assert_false(span_has(little, 10, 0));
	/* Sums that would overflow. */
	assert_false(span_has(little, 1, UINT64_MAX));
	assert_false(span_has(little, UINT64_MAX, 1));
	assert_false(span_has(little, UINT64_MAX, UINT64_MAX));
	assert_false(span_has(little, UINT64_MAX - 3, 8));
	assert_false(span_has(little, (uint64_t)1 << 32, 1));
	struct span none = {NULL, 0, false};
	assert_true(span_has(none, 0, 0));
	assert_false(span_has(none, 0, 1));
}

static void parts(void **state)
{
	(void)state;
	struct span s = span_sub(big, 2, 3);
	assert_ptr_equal(s.p, bytes + 2);
	assert_int_equal(s.n, 3);
	assert_true(s.big);
	assert_int_equal(span_u8(s, 2), 0x55);
	assert_int_equal(span_u8(s, 3), 0); /* outside the part, inside the whole */
	s = span_sub(big, 8, 2);
	assert_null(s.p);
	assert_int_equal(s.n, 0);
	assert_true(s.big);
	s = span_sub(little, UINT64_MAX, 2);
	assert_null(s.p);
	s = span_from(little, 7);
	assert_int_equal(s.n, 2);
	assert_int_equal(span_u16(s, 0), 0x9988);
	s = span_from(little, 9);
	assert_int_equal(s.n, 0);
	s = span_from(little, 10);
	assert_int_equal(s.n, 0);
	assert_false(s.big);
	s = span_from(little, UINT64_MAX);
	assert_int_equal(s.n, 0);
	/* A part of a part has its own bounds. */
	s = span_sub(span_sub(little, 1, 4), 3, 1);
	assert_int_equal(span_u8(s, 0), 0x55);
	assert_null(span_sub(span_sub(little, 1, 4), 3, 2).p);
}

static void integers(void **state)
{
	(void)state;
	assert_int_equal(span_u8(little, 1), 0x22);
	assert_int_equal(span_u16(little, 1), 0x3322);
	assert_int_equal(span_u16(big, 1), 0x2233);
	assert_int_equal(span_u32(little, 1), 0x55443322);
	assert_int_equal(span_u32(big, 1), 0x22334455);
	assert_true(span_u64(little, 1) == 0x9988776655443322);
	assert_true(span_u64(big, 1) == 0x2233445566778899);
	assert_int_equal(span_uint(big, 0, 3), 0x112233);
	assert_int_equal(span_uint(little, 0, 3), 0x332211);
	assert_int_equal(span_s32(little, 5), (int32_t)0x99887766);
	assert_true(span_s32(little, 5) < 0);
	assert_true(span_s32(big, 5) == 0x66778899);
}

/* With one byte too few, the result is 0, wherever the value starts. Heap copies, so that ASan
 * detects overruns. */
static void short_reads_are_zero(void **state)
{
	(void)state;
	for (size_t n = 0; n <= sizeof bytes; n++) {
		uint8_t *copy = malloc(n ? n : 1);
		assert_non_null(copy);
		memset(copy, 0xff, n ? n : 1);
		struct span s = {copy, n, false};
		for (uint64_t off = 0; off < 20; off++) {
			for (unsigned size = 1; size <= 8; size++) {
				uint64_t all =
					size == 8 ? UINT64_MAX : ((uint64_t)1 << 8 * size) - 1;
				uint64_t want = off + size <= n ? all : 0;
				assert_true(span_uint(s, off, size) == want);
			}
		}
		assert_int_equal(span_u32(s, UINT64_MAX), 0);
		assert_int_equal(span_u32(s, UINT64_MAX - 3), 0);
		free(copy);
	}
}

static void written_is_read(void **state)
{
	(void)state;
	uint8_t buf[11];
	for (unsigned size = 1; size <= 8; size++) {
		uint64_t v = 0xf1e2d3c4b5a69788 >> (64 - 8 * size);
		for (int order = 0; order < 2; order++) {
			memset(buf, 0x5a, sizeof buf);
			bytes_put(buf + 1, size, order, v);
			assert_true(bytes_get(buf + 1, size, order) == v);
			assert_int_equal(buf[0], 0x5a);
			assert_int_equal(buf[1 + size], 0x5a);
			if (size > 1)
				assert_true(bytes_get(buf + 1, size, !order) != v);
		}
	}
	bytes_put(buf, 2, true, 0x12345678); /* the low bytes */
	assert_int_equal(buf[0], 0x56);
	assert_int_equal(buf[1], 0x78);
}

static void strings(void **state)
{
	(void)state;
	static const uint8_t text[] = "\0one\0two";
	struct span s = {text, sizeof text, false};
	assert_string_equal(span_str(s, 0), "");
	assert_string_equal(span_str(s, 1), "one");
	assert_string_equal(span_str(s, 2), "ne");
	assert_string_equal(span_str(s, 5), "two");
	assert_string_equal(span_str(s, 8), "");
	assert_null(span_str(s, 9));
	assert_null(span_str(s, UINT64_MAX));
	s.n = 8; /* the last terminator is gone */
	assert_null(span_str(s, 5));
	assert_null(span_str(s, 7));
	assert_string_equal(span_str(s, 4), "");
	assert_null(span_str((struct span){NULL, 0, false}, 0));
}

static void host_order(void **state)
{
	(void)state;
	const uint32_t v = 0x01020304;
	uint8_t raw[4];
	memcpy(raw, &v, 4);
	assert_int_equal(bytes_get(raw, 4, host_is_big()), v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borders),
		cmocka_unit_test(parts),
		cmocka_unit_test(integers),
		cmocka_unit_test(short_reads_are_zero),
		cmocka_unit_test(written_is_read),
		cmocka_unit_test(strings),
		cmocka_unit_test(host_order),
	};
	return cmocka_run_group_tests_name("span", tests, NULL, NULL);
}

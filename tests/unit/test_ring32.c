/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ring buffer in a 32-bit process on a 64-bit kernel: positions have 64 bits and are written in
 * two halves. ring.c is compiled here again, as for a machine without 64-bit pointers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#undef UINTPTR_MAX
#define UINTPTR_MAX      UINT32_MAX
#define ring_map         ring32_map
#define ring_unmap       ring32_unmap
#define ring_drain       ring32_drain
#define ring_unread      ring32_unread
#define ring_kernel_word ring32_kernel_word
#include "loader/kernel/ring.c"

enum { SIZE = 4096 };

static bool count(void *ctx, const void *record, size_t len)
{
	(void)record;
	assert_int_equal(len, 8);
	++*(unsigned *)ctx;
	return true;
}

/* Writes one record of 8 bytes at that position and reads it. */
static uint64_t position_after(uint64_t position, unsigned word)
{
	static _Alignas(8) uint8_t consumer[8], producer[8], data[2 * SIZE];
	struct ring r = {.consumer = consumer,
		.producer = producer,
		.data = data,
		.size = SIZE,
		.page = 4096,
		.word = word,
		.position = position};
	unsigned n = 0;
	memset(consumer, 0xaa, sizeof consumer);
	bytes_put(producer, word, host_is_big(), position + 16);
	bytes_put(data + (position & (SIZE - 1)), 4, host_is_big(), 8);
	assert_int_equal(ring_drain(&r, count, &n), 1);
	assert_int_equal(n, 1);
	if (word == 4)
		assert_int_equal(bytes_get(consumer + 4, 4, false), 0xaaaaaaaa);
	return bytes_get(consumer, word, host_is_big());
}

static void both_halves_of_a_position(void **state)
{
	(void)state;
	assert_int_equal(position_after(0, 8), 16);
	assert_int_equal(position_after(0xfffffff0, 8), 0x100000000);
	assert_int_equal(position_after(0x7fffffff8, 8), 0x800000008);
	assert_int_equal(position_after(0x123456789abcdef0, 8), 0x123456789abcdf00);
}

static void positions_of_32_bit_kernels(void **state)
{
	(void)state;
	assert_int_equal(position_after(0, 4), 16);
	assert_int_equal(position_after(0xfffffff0, 4), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_halves_of_a_position),
		cmocka_unit_test(positions_of_32_bit_kernels),
	};
	return cmocka_run_group_tests_name("ring32", tests, NULL, NULL);
}

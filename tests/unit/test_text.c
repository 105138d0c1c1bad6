/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Small utilities of elf/base: text in buffers, search in sorted arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "elf/base/search.h"
#include "elf/base/text.h"

static void lists(void **state)
{
	(void)state;
	char buf[12] = "";
	text_list(buf, sizeof buf, "%s", "ab");
	assert_string_equal(buf, "ab");
	text_list(buf, sizeof buf, "%d", 7);
	assert_string_equal(buf, "ab, 7");
	text_list(buf, sizeof buf, "%s", "toolong");
	assert_string_equal(buf, "ab, 7, tool");
	text_list(buf, sizeof buf, "x");
	assert_string_equal(buf, "ab, 7, tool");
	text_add(buf, sizeof buf, "x");
	assert_string_equal(buf, "ab, 7, tool");
	*buf = 0;
	text_add(buf, sizeof buf, "%s-%s", "a", "b");
	assert_string_equal(buf, "a-b");
}

struct place {
	char name;
	uint64_t address;
};

static void searches(void **state)
{
	(void)state;
	static const struct place places[] = {{'a', 10}, {'b', 20}, {'c', 20}, {'d', 30}};
	static const struct {
		uint64_t key;
		size_t index;
	} cases[] = {{0, 0}, {9, 0}, {10, 1}, {19, 1}, {20, 3}, {29, 3}, {30, 4}, {UINT64_MAX, 4}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(search_above(places, 4, sizeof *places,
					 offsetof(struct place, address), cases[i].key),
			cases[i].index);
	assert_int_equal(search_above(NULL, 0, sizeof *places, 0, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(searches),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

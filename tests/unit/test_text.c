/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Small utilities of elf/base: text in buffers, search in sorted arrays, similar names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "elf/base/search.h"
#include "elf/base/suggest.h"
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

static void distances(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		unsigned distance;
	} cases[] = {{"", "", 0}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "ab", 1},
		{"abc", "xabc", 1}, {"abc", "acb", 1}, {"abcd", "badc", 2}, {"ca", "abc", 3},
		{"tcp_sendmgs", "tcp_sendmsg", 1}, {"tcp_sendmgs", "tcp_send_mss", 2},
		{"abc", "cba", 2}, {"abcdef", "ghijkl", 5}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(edit_distance(cases[i].a, cases[i].b, 4), cases[i].distance);
		assert_int_equal(edit_distance(cases[i].b, cases[i].a, 4), cases[i].distance);
	}
	char longest[SUGGEST_NAME_MAX + 2];
	memset(longest, 'x', sizeof longest);
	longest[SUGGEST_NAME_MAX + 1] = 0;
	assert_int_equal(edit_distance(longest, longest, 4), 5);
	assert_int_equal(edit_distance(longest + 1, longest + 1, 4), 0);
}

/* All names of the smallest distance, those with the longest common beginning first, each once. */
static void similar_names(void **state)
{
	(void)state;
	static const struct {
		const char *wanted, *names[7], *similar;
	} cases[] = {{"syscall", {"vsyscall", "syscalls", "sock"}, "syscalls, vsyscall"},
		{"tcp_sendmgs", {"tcp_send_mss", "tcp_sendmsg", "udp_sendmsg"}, "tcp_sendmsg"},
		{"state", {"__state", "stat", "__state"}, "__state"},
		{"abcd", {"abce", "abce", "xbcd"}, "abce, xbcd"},
		{"abcd", {"zbcd", "ybcd", "abxd", "axcd", "abcx"}, "abcx, abxd, axcd, zbcd"},
		{"abcd", {"zbcd", "ybcd", "xbcd", "wbcd", "vbcd", "abc"}, "abc, zbcd, ybcd, xbcd"},
		{"ab", {"ac", "b"}, ""}, {"name", {"", "_", "other"}, ""}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[sizeof((struct suggestion *)0)->near];
		struct suggestion s = suggest_for(cases[i].wanted);
		for (const char *const *name = cases[i].names; *name; name++)
			suggest_consider(&s, *name);
		assert_string_equal(suggest_text(&s, text, sizeof text), cases[i].similar);
	}
	/* Only the start is compared; all of it is shown. */
	char text[80];
	struct suggestion s = suggest_for("do_fork");
	suggest_consider_start(&s, "do_frok.isra.0", 7);
	assert_string_equal(suggest_text(&s, text, sizeof text), "do_frok.isra.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(searches),
		cmocka_unit_test(distances),
		cmocka_unit_test(similar_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

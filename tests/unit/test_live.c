/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Programs and links in the kernel: how users select them, and answers of the kernel that are not as they
 * should be. BPF_OBJ_GET_INFO_BY_FD is simulated (--wrap, tests/unit/Makefile).
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "loader/kernel/live_link.h"
#include "loader/kernel/live_prog.h"
#include "loader/plan/abi.h"

/* ---- words ---- */

static void references(void **state)
{
	static const struct {
		char *words[3];
		int n, least, taken;
		enum live_how how;
		const char *text;
	} rows[] = {
		{{"17"}, 1, 0, 1, LIVE_BY_ID, "17"},
		{{"id", "17"}, 2, 0, 2, LIVE_BY_ID, "17"},
		{{"id", "17"}, 2, 1, 1, LIVE_BY_NAME, "id"}, /* the map "id", key 17 */
		{{"id", "17", "5"}, 3, 1, 2, LIVE_BY_ID, "17"},
		{{"id"}, 1, 0, 1, LIVE_BY_NAME, "id"},
		{{"4294967296"}, 1, 0, 1, LIVE_BY_NAME, "4294967296"},
		{{"a/b"}, 1, 0, 1, LIVE_BY_PIN, "a/b"},
		{{"pinned", "x"}, 2, 0, 2, LIVE_BY_PIN, "x"},
		{{"name", "7"}, 2, 0, 2, LIVE_BY_NAME, "7"},
		{{"tag", "0123456789abcdef"}, 2, 0, 2, LIVE_BY_TAG, "0123456789abcdef"},
		{{"id", "x"}, 2, 0, 0, LIVE_BY_ID, ""},
		{{"id", "-1"}, 2, 0, 0, LIVE_BY_ID, ""},
		{{"tag", "0123456789abcde"}, 2, 0, 0, LIVE_BY_TAG, ""},
		{{"tag", "0x23456789abcdef"}, 2, 0, 0, LIVE_BY_TAG, ""},
		{{NULL}, 0, 0, 0, LIVE_BY_ID, ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct live_ref r = {0};
		struct err e = {0};
		char *words[3];
		memcpy(words, rows[i].words, sizeof words);
		print_message("%s\n", words[0] ? words[0] : "nothing");
		assert_int_equal(
			live_ref_parse(&r, words, rows[i].n, rows[i].least, &e), rows[i].taken);
		assert_int_equal(e.set, !rows[i].taken);
		if (rows[i].taken) {
			assert_int_equal(r.how, rows[i].how);
			assert_string_equal(r.text, rows[i].text);
		}
	}
}

/* ---- answers ---- */

static union {
	struct bpf_prog_info prog;
	struct bpf_link_info link;
} first, again; /* answers to the first question, and to those with buffers */
static long answer;
static int fill; /* of all buffers */
static bool has_buffers;

static void put(uint64_t pointer, size_t n)
{
	has_buffers |= pointer != 0;
	if (pointer)
		memset((void *)(uintptr_t)pointer, fill, n);
}

long __wrap_sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size);
long __wrap_sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size)
{
	(void)w;
	has_buffers = false;
	if (fd == 1) {
		const struct bpf_prog_info *p = info;
		put(p->map_ids, (size_t)p->nr_map_ids * 4);
		put(p->line_info, (size_t)p->nr_line_info * p->line_info_rec_size);
	} else {
		const struct bpf_link_info *l = info;
		put(l->raw_tracepoint.tp_name, l->raw_tracepoint.tp_name_len);
	}
	memcpy(info, has_buffers ? (void *)&again : (void *)&first, *size);
	return has_buffers ? answer : 0;
}

static void read_parts(struct span parts[static LIVE_PARTS], long expected, struct arena *a)
{
	struct live_prog p = {.fd = 1, .info = first.prog};
	answer = 0;
	assert_int_equal(
		live_prog_parts(&p, 1u << LIVE_MAPS | 1u << LIVE_LINES, parts, NULL, a), expected);
}

static void programs(void **state)
{
	struct arena a = {0};
	struct target kernel = {.arena = &a};
	struct live_types types = {.kernel = &kernel};
	struct live_prog p;
	struct span parts[LIVE_PARTS];
	(void)state;
	first.prog = (struct bpf_prog_info){
		.nr_map_ids = 3, .nr_line_info = 2, .line_info_rec_size = 16};
	memset(first.prog.name, 'n', sizeof first.prog.name); /* without an end */
	assert_int_equal(live_prog_read(&p, 1, &types), 0);
	assert_string_equal(p.name, "nnnnnnnnnnnnnnn");

	/* More than there is room for. */
	fill = 0xab;
	again.prog = (struct bpf_prog_info){.map_ids = 1,
		.nr_map_ids = UINT32_MAX,
		.line_info = 1,
		.nr_line_info = UINT32_MAX,
		.line_info_rec_size = UINT32_MAX};
	read_parts(parts, 0, &a);
	assert_int_equal(parts[LIVE_MAPS].n, 12);
	assert_int_equal(parts[LIVE_LINES].n, 32);
	assert_int_equal(span_u32(parts[LIVE_MAPS], 8), 0xabababab);

	/* Fewer, and hidden. */
	again.prog = (struct bpf_prog_info){.map_ids = 1, .nr_map_ids = 1, .nr_line_info = 2};
	read_parts(parts, 0, &a);
	assert_int_equal(parts[LIVE_MAPS].n, 4);
	assert_int_equal(parts[LIVE_LINES].n, 0);

	first.prog.nr_line_info = first.prog.line_info_rec_size = UINT32_MAX;
	read_parts(parts, -E2BIG, &a);
	assert_int_equal(parts[LIVE_LINES].n, 0);
	arena_free(&a);
}

static void links(void **state)
{
	struct arena a = {0};
	struct live_link l;
	(void)state;
	first.link = (struct bpf_link_info){.type = BPF_LINK_TYPE_RAW_TRACEPOINT, .id = 4};
	again.link = first.link;
	fill = 'x'; /* without an end */
	for (int i = 0; i < 2; i++) {
		answer = i ? -ENOSPC : 0;
		assert_int_equal(live_link_read(&l, 2, NULL, &a), 0);
		assert_int_equal(strlen(l.text), LIVE_TEXT_MAX - 1);
	}
	answer = -EINVAL; /* the rest is still shown */
	assert_int_equal(live_link_read(&l, 2, NULL, &a), 0);
	assert_string_equal(l.text, "");
	first.link.type = UINT32_MAX;
	assert_int_equal(live_link_read(&l, 2, NULL, &a), 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references),
		cmocka_unit_test(programs),
		cmocka_unit_test(links),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Expressions of --where: what they accept of a record and of an entry of a map, and what is wrong with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "btf_build.h"
#include "loader/show/row_filter.h"

struct event {
	uint32_t pid;
	int32_t ret;
	char comm[8];
	uint32_t inner;
	uint8_t mac[6];
	uint16_t low : 4, high : 12;
};

struct made {
	struct bb bb;
	struct btf btf;
	uint32_t event, u32;
};

static void make(struct made *t)
{
	struct bb *m = &t->bb;
	bb_init(m, host_is_big());
	t->u32 = bb_int(m, "unsigned int", 4, 0);
	uint32_t s32 = bb_int(m, "int", 4, BTF_INT_SIGNED),
		 chr = bb_int(m, "char", 1, BTF_INT_SIGNED);
	uint32_t u8 = bb_int(m, "unsigned char", 1, 0), comm = bb_array(m, chr, 8);
	uint32_t mac = bb_array(m, u8, 6), nested = bb_struct(m, "nested", 4);
	bb_member(m, "deep", t->u32, 0);
	t->event = bb_struct(m, "event", sizeof(struct event));
	bb_member(m, "pid", t->u32, 0);
	bb_member(m, "ret", s32, 32);
	bb_member(m, "comm", comm, 64);
	bb_member(m, "in", nested, 128);
	bb_member(m, "mac", mac, 160);
	bb_open(m, NULL, &t->btf);
}

/* Whether an expression accepts the record (or key and value); fails if it cannot be bound. */
static bool accepts(struct made *t, const char *text, const uint32_t *types, unsigned n,
	const struct span *records)
{
	struct row_filter f;
	struct row_bound b;
	struct err e = {0};
	bool missing;
	if (!row_filter_parse(&f, text, &t->bb.arena, &e) ||
		!row_filter_bind(&b, &f, &t->btf, types, n, &missing, &t->bb.arena, &e))
		fail_msg("%s: %s", text, e.text);
	return row_filter_accepts(&b, records);
}

static void records(void **state)
{
	static const struct {
		const char *text;
		bool accepted;
	} cases[] = {{"pid == 7", true}, {"pid = 8", false}, {"pid != 7", false}, {"pid", true},
		{"!pid", false}, {"pid < 8", true}, {"pid <= 7", true}, {"pid > 7", false},
		{"pid >= 7", true}, {"pid==0x7", true}, {"ret < 0", true}, {"ret == -2", true},
		{"ret > -3 && ret < -1", true}, {"ret > 0 || pid > 0", true},
		{"ret > 0 || pid > 7", false}, {"ret > 0 && pid == 7 || pid == 7", true},
		{"ret > 0 && (pid == 7 || pid == 7)", false}, {"!(ret > 0) && !!pid", true},
		{"comm == sshd", true}, {"comm == 'sshd'", true}, {"comm == \"ssh\"", false},
		{"comm != ssh", true}, {"comm ~ sh", true}, {"comm ~ x", false},
		{"comm !~ x", true}, {"comm > ss", true}, {"comm < sshd", false},
		{"in.deep == 9", true}, {"in.deep ~ 9", true}, {"mac == 02:42:ac:11:00:02", true},
		{"mac != 02:42:ac:11:00:02", false}, {"comm == \"a && b\"", false}};
	const struct event event = {.pid = 7,
		.ret = -2,
		.comm = "sshd",
		.inner = 9,
		.mac = {2, 0x42, 0xac, 0x11, 0, 2}};
	const struct span record = {(const uint8_t *)&event, sizeof event, host_is_big()},
			  cut = {record.p, 4, record.big};
	struct made t;
	(void)state;
	make(&t);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (accepts(&t, cases[i].text, &t.event, 1, &record) != cases[i].accepted)
			fail_msg("%s", cases[i].text);
	/* What is not inside of a record is not read. */
	assert_false(accepts(&t, "ret", &t.event, 1, &cut));
	assert_false(accepts(&t, "comm ~ s", &t.event, 1, &cut));
	bb_free(&t.bb);
}

static void entries(void **state)
{
	const uint32_t key = 3;
	const struct event event = {.pid = 7};
	const struct span both[] = {{(const uint8_t *)&key, sizeof key, host_is_big()},
		{(const uint8_t *)&event, sizeof event, host_is_big()}};
	struct made t;
	(void)state;
	make(&t);
	const uint32_t types[] = {t.u32, t.event};
	assert_true(accepts(&t, "key == 3 && pid == 7", types, 2, both));
	assert_true(accepts(&t, "value.pid == 7", types, 2, both));
	assert_false(accepts(&t, "key > 3", types, 2, both));
	bb_free(&t.bb);
}

static void mistakes(void **state)
{
	static const struct {
		const char *text, *error, *hint;
	} cases[] = {{"", "the name of a member is missing", ""},
		{"pid ==", "a value is missing", ""}, {"(pid", "a parenthesis is missing", ""},
		{"pid 7", "&& or || expected at '7'", ""}, {"pid == 'x", "a quote is missing", ""},
		{"pid && ", "name of a member", ""},
		{"pit == 7", "there is no member 'pit'", "there are pid, ret, comm, in.deep, mac"},
		{"in == 7", "'in' has members", "in.MEMBER"},
		{"mac < 3", "'mac' has no order", "~"}, {"pid == many", "pid", ""},
		{"pid == 99999999999", "pid", ""}};
	struct made t;
	(void)state;
	make(&t);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct row_filter f;
		struct row_bound b;
		struct err e = {0};
		bool missing;
		bool ok = row_filter_parse(&f, cases[i].text, &t.bb.arena, &e) &&
		          row_filter_bind(&b, &f, &t.btf, &t.event, 1, &missing, &t.bb.arena, &e);
		if (ok || !strstr(e.text, cases[i].error) || !strstr(e.hint, cases[i].hint))
			fail_msg("'%s': %s (%s)", cases[i].text, e.text, e.hint);
	}
	bb_free(&t.bb);
}

static void lists(void **state)
{
	bool whole;
	(void)state;
	assert_true(row_list_has("pid,ctx.comm", "pid", &whole) && whole);
	assert_true(row_list_has("pid,ctx.comm", "ctx", &whole) && !whole);
	assert_true(row_list_has("pid,ctx", "ctx.comm", &whole) && whole);
	assert_false(row_list_has("pid,ctx", "pi", &whole));
	assert_false(row_list_has("pid,ctx", "pids", &whole));
	assert_true(row_list_has(NULL, "x", &whole) && whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),
		cmocka_unit_test(entries),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(lists),
	};
	return cmocka_run_group_tests_name("row_filter", tests, NULL, NULL);
}
